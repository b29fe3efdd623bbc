package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.document.TargetType;
import dev.docket.protocol.docket.DocketProtocol;
import dev.docket.protocol.manual.ManualProtocol;
import dev.docket.task.Route;
import dev.docket.task.TaskKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerProtocolsTest {

  private static final BrokerNames NAMES = new BrokerNames("one.");

  private final WorkerProtocols protocols =
      WorkerProtocols.of(NAMES, List.of(DocketProtocol::new, LateAckProtocol::new));

  @Test
  void findsByName() {
    assertThat(protocols.get("late")).isInstanceOf(LateAckProtocol.class);
    assertThat(protocols.names()).containsExactly("docket", "late");
  }

  @Test
  void leasesExpireOnlyOfProgramsThatClaim() {
    WorkerProtocols all =
        WorkerProtocols.of(
            NAMES,
            List.of(DocketProtocol::new, LateAckProtocol::new, names -> new ManualProtocol()));

    assertThat(all.leasing()).containsExactly("docket");
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
        .isThrownBy(
            () -> WorkerProtocols.of(NAMES, List.of(DocketProtocol::new, DocketProtocol::new)))
        .withMessageContaining("docket");
  }

  @Test
  void declaresTheExchangesOfAll() {
    assertThat(protocols.exchanges())
        .containsExactly(
            new Transport.Exchange("one.docket-exchange", true),
            new Transport.Exchange("one.late-exchange", false));
  }

  @Test
  void pollsReadTheQueuesOfTheWorkersThatClaim() {
    Route route = new Route(TargetType.VIDEO, new TaskKey("ASR"));
    assertThat(protocols.polledQueue(route))
        .isEqualTo(
            new Transport.Queue(
                "one.docket.v1.ASR.Video",
                Map.of("x-max-priority", 10),
                new Destination("one.docket-exchange", "Video.ASR")));
  }
}
