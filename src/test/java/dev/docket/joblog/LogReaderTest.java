package dev.docket.joblog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.docket.simulation.InMemoryServer;
import dev.docket.task.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogReaderTest {

  private static final LogQuery CURRENT = new LogQuery(false, null, null, LogLevel.TRACE);

  private final InMemoryServer server = new InMemoryServer(new InMemoryServer.SharedBackends());
  private final MemoryLogStore store = new MemoryLogStore();
  private final LogReader reader =
      new LogReader(store, server.tasks, JsonMapper.builder().findAndAddModules().build());
  private final Task task = server.create(server.document("film"), "ASR");

  private void store(int chunks, int linesOfChunk, int length) {
    LogLine line = new LogLine(LogSamples.NOW, LogLevel.INFO, "x".repeat(length - 1));
    for (int i = 0; i < chunks; i++) {
      long lines = (i + 1L) * linesOfChunk;
      store.create(
          new LogChunk(
              LogId.of(task),
              Collections.nCopies(linesOfChunk, line),
              new LogEnd(i + 1, lines, lines * length, Received.NONE, false),
              LogSamples.NOW));
    }
  }

  private List<LogPage> pages(int limit) {
    List<LogPage> pages = new ArrayList<>();
    LogQuery query = CURRENT;
    LogPage page;
    do {
      page = reader.page(task.id(), query, limit);
      pages.add(page);
      query = new LogQuery(false, null, LogCursor.fromString(page.next()), query.minLevel());
    } while (page.more());
    return pages;
  }

  @Test
  void pageEndsAtItsLimit() {
    store(10, 3, 10);
    assertThat(pages(12)).extracting(page -> page.lines().size()).containsExactly(12, 12, 6);
    assertThat(pages(15)).extracting(LogPage::more).containsExactly(true, false);
  }

  @Test
  void pageOfLongLinesEndsEarlierAndContinuesWithTheNextLine() {
    int length = 512 * 1024;
    store(5, 4, length);
    List<LogPage> pages = pages(10_000);
    assertThat(pages).extracting(page -> page.lines().size()).containsExactly(8, 8, 4);
    assertThat(pages.get(1).lines().get(0).line()).isEqualTo(9);
    assertThat(pages).extracting(LogPage::more).containsExactly(true, true, false);
  }

  @Test
  void pageHasAtLeastOneLine() {
    store(2, 1, (int) LogReader.MAX_PAGE_BYTES + 1);
    assertThat(pages(10)).extracting(page -> page.lines().size()).containsExactly(1, 1);
  }
}
