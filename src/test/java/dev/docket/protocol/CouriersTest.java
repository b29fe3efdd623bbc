package dev.docket.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.docket.protocol.docket.DocketCourier;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CouriersTest {

  private final Couriers couriers =
      Couriers.of(List.of(new DocketCourier(), new TestLateCourier()));

  @Test
  void findsByName() {
    assertThat(couriers.get("late")).isInstanceOf(TestLateCourier.class);
    assertThat(couriers.names()).containsExactly("docket", "late");
  }

  @Test
  void unknownNameIsRefusedWithTheChoices() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> couriers.get("pigeon"))
        .withMessage("courier: must be one of docket, late, was pigeon");
  }

  @Test
  void twoOfOneNameAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Couriers.of(List.of(new DocketCourier(), new DocketCourier())))
        .withMessageContaining("docket");
  }
}
