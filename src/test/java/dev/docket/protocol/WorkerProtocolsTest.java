package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.protocol.docket.DocketProtocol;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkerProtocolsTest {

  private final WorkerProtocols protocols =
      WorkerProtocols.of(List.of(new DocketProtocol(), new LateAckProtocol()));

  @Test
  void findsByName() {
    assertThat(protocols.get("late")).isInstanceOf(LateAckProtocol.class);
    assertThat(protocols.names()).containsExactly("docket", "late");
  }

  @Test
  void rejectsAnUnknownNameAndListsTheKnownOnes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> protocols.get("unknown"))
        .withMessage("worker protocol must be one of docket, late (was unknown)");
  }

  @Test
  void rejectsTwoProtocolsWithTheSameName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkerProtocols.of(List.of(new DocketProtocol(), new DocketProtocol())))
        .withMessageContaining("docket");
  }
}
