package dev.docket.dialect.dane.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Caller;
import dev.docket.auth.Roles;
import dev.docket.dialect.dane.index.query.InvalidQuery;
import dev.docket.http.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many scrolls a server with four places opens; one caller can have three. */
final class ScrollServiceTest {

  private static final Caller ATTACKER = new Caller("attacker", Set.of(Roles.WORKER));
  private static final Caller OTHER = new Caller("other", Set.of(Roles.WORKER));
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(10);

  @TempDir private Path directory;
  private final AtomicLong nanos = new AtomicLong();
  private IndexFixture index;
  private OpenScrolls open;
  private ScrollService scrolls;

  @BeforeEach
  void createScrolls() {
    index = new IndexFixture(directory);
    open = server();
    scrolls = service(open);
  }

  private OpenScrolls server() {
    return new OpenScrolls(4, nanos::get);
  }

  private ScrollService service(OpenScrolls places) {
    return new ScrollService(index.search, places, index.responses, IndexFixture.MAPPER);
  }

  private static ObjectNode search(String body) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(body);
  }

  private String start(Caller caller, Duration keepAlive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    scrolls.start(caller, search("{\"query\":{\"match_all\":{}}}"), keepAlive).write(out);
    JsonNode page = new ObjectMapper().readTree(out.toByteArray());
    return page.path("_scroll_id").asText();
  }

  private String start(Caller caller) throws IOException {
    return start(caller, KEEP_ALIVE);
  }

  private void fill() throws IOException {
    for (int i = 0; i < 3; i++) {
      start(ATTACKER);
    }
    start(OTHER);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void oneCallerCannotOpenAllScrolls() throws IOException {
    for (int i = 0; i < 3; i++) {
      start(ATTACKER);
    }

    assertThatThrownBy(() -> start(ATTACKER))
        .isInstanceOfSatisfying(
            TooManyScrolls.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Problem.Kind.TOO_MANY_REQUESTS);
              assertThat(e.members()).containsValue("too_many_scroll_contexts_exception");
            })
        .hasMessageStartingWith(
            "Trying to create too many scroll contexts. Must be less than or equal to: [4]. ")
        .hasMessageContaining("attacker may have at most 3 of the 4 open scrolls");
    assertThat(index.queries.open()).isEqualTo(3);
    assertThat(start(OTHER)).isNotEmpty();
  }

  @Test
  void serverLimitsScrollsOfAllCallers() throws IOException {
    fill();

    assertThatThrownBy(() -> start(OTHER))
        .isInstanceOf(TooManyScrolls.class)
        .hasMessageContaining("all 4 open scrolls of this server are taken");
  }

  @Test
  void endedScrollGivesItsPlaceBack() throws IOException {
    String first = start(ATTACKER);
    start(ATTACKER);
    start(ATTACKER);

    scrolls.end(first);

    assertThat(start(ATTACKER)).isNotEmpty();
    assertThatThrownBy(() -> start(ATTACKER)).isInstanceOf(TooManyScrolls.class);
  }

  @Test
  void unusedScrollGivesItsPlaceBackOnceElasticsearchHasDroppedIt() throws IOException {
    fill();

    pass(KEEP_ALIVE);
    assertThatThrownBy(() -> start(ATTACKER)).isInstanceOf(TooManyScrolls.class);
    pass(Duration.ofMinutes(1));
    fill();
  }

  @Test
  void shortKeepAliveDoesNotHideScrollThatElasticsearchStillHolds() throws IOException {
    for (int i = 0; i < 3; i++) {
      start(ATTACKER, Duration.ofMillis(1));
    }

    pass(Duration.ofSeconds(59));
    assertThatThrownBy(() -> start(ATTACKER)).isInstanceOf(TooManyScrolls.class);
  }

  @Test
  void usedScrollKeepsItsPlace() throws IOException {
    String used = start(ATTACKER);
    pass(KEEP_ALIVE);

    scrolls.next(OTHER, used, Duration.ofHours(2));
    pass(Duration.ofHours(2));

    assertThat(open.count()).isEqualTo(1);
    pass(Duration.ofMinutes(1));
    assertThat(open.count()).isZero();
  }

  @Test
  void scrollOfAnotherServerContinuesAndTakesOnePlace() throws IOException {
    String id = start(OTHER);
    OpenScrolls restarted = server();
    ScrollService after = service(restarted);

    assertThat(after.next(OTHER, id, KEEP_ALIVE)).isNotNull();
    assertThat(after.next(OTHER, id, KEEP_ALIVE)).isNotNull();

    assertThat(restarted.count()).isEqualTo(1);
  }

  @Test
  void scrollsOfAnotherServerCountToo() throws IOException {
    String id = start(OTHER);
    OpenScrolls full = server();
    for (int i = 0; i < 3; i++) {
      full.take(ATTACKER);
    }

    assertThatThrownBy(() -> service(full).next(ATTACKER, id, Duration.ofDays(1)))
        .isInstanceOf(TooManyScrolls.class);
    assertThat(service(full).next(OTHER, id, KEEP_ALIVE)).isNotNull();
  }

  @Test
  void failedSearchTakesNoPlace() {
    for (String body :
        new String[] {
          "{\"size\":0}",
          "{\"query\":{\"fuzzy\":{}}}",
          "{\"query\":{\"match\":{\"task.state\":\"x\"}}}"
        }) {
      assertThatThrownBy(() -> scrolls.start(ATTACKER, search(body), KEEP_ALIVE))
          .isInstanceOf(InvalidQuery.class);
    }

    assertThat(open.count()).isZero();
    assertThat(index.queries.open()).isZero();
  }

  @Test
  void renamedSnapshotKeepsItsPlace() {
    open.hold("before", open.take(ATTACKER), KEEP_ALIVE);

    open.rename("before", "now");
    open.extend("now", OTHER, KEEP_ALIVE);
    assertThat(open.count()).isEqualTo(1);

    open.end("now");
    assertThat(open.count()).isZero();
  }
}
