package dev.docket.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlacesTest {

  private static final Principal ATTACKER = () -> "attacker";
  private static final Principal OTHER = () -> "other";

  private final Places places = new Places("open polls", 8);

  private List<Places.Place> take(Principal caller, int number) {
    List<Places.Place> all = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      all.add(places.take(caller));
    }
    return all;
  }

  @Test
  void oneCallerCannotTakeAllPlaces() {
    take(ATTACKER, 6);

    assertThatThrownBy(() -> places.take(ATTACKER))
        .isInstanceOf(TooManyRequests.class)
        .hasMessage("attacker may have at most 6 of the 8 open polls of this server; try again");
    assertThatCode(() -> take(OTHER, 2)).doesNotThrowAnyException();
  }

  @Test
  void rejectsCallerBelowItsShareIfAllPlacesAreTaken() {
    take(ATTACKER, 6);
    take(OTHER, 2);

    assertThatThrownBy(() -> places.take(OTHER))
        .isInstanceOf(ServerBusy.class)
        .hasMessage("all 8 open polls of this server are taken; try again");
    assertThat(places.taken()).isEqualTo(8);
  }

  @Test
  void closedPlaceCanBeTakenAgain() {
    List<Places.Place> taken = take(ATTACKER, 6);

    taken.get(0).close();

    assertThat(places.taken()).isEqualTo(5);
    places.take(ATTACKER);
    assertThatThrownBy(() -> places.take(ATTACKER)).isInstanceOf(TooManyRequests.class);
  }

  @Test
  void closingTwiceReleasesOnce() {
    List<Places.Place> taken = take(ATTACKER, 6);

    taken.get(0).close();
    taken.get(0).close();

    assertThat(places.taken()).isEqualTo(5);
    places.take(ATTACKER);
    assertThatThrownBy(() -> places.take(ATTACKER)).isInstanceOf(TooManyRequests.class);
  }

  @Test
  void callersWithoutKeyShareOneShare() {
    take(null, 6);

    assertThatThrownBy(() -> places.take(() -> "anonymous")).isInstanceOf(TooManyRequests.class);
  }

  @Test
  void rejectedAdditionTakesNothing() {
    Places.Place place = places.take(ATTACKER, 5);

    assertThatThrownBy(() -> places.add(place, 2)).isInstanceOf(TooManyRequests.class);

    assertThat(places.taken()).isEqualTo(5);
    places.add(place, 1);
    place.close();
    assertThat(places.taken()).isZero();
  }
}
