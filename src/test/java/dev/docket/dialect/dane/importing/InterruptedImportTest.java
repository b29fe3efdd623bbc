package dev.docket.dialect.dane.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.docket.simulation.CrashPoint;
import dev.docket.simulation.CrashPoint.FailureMode;
import dev.docket.simulation.CrashingProxy;
import dev.docket.task.ResultId;
import dev.docket.task.Task;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interrupts an import at every call to the stores, and repeats it. */
final class InterruptedImportTest {

  private final DaneRecords dane = new SampleRecords(DaneSampleData.small());
  private final MemoryImport complete = new MemoryImport();

  /** Counts the calls, also those that are not injected with a failure. */
  private static final class Counting implements CrashingProxy {
    private final CrashingProxy next;
    private int calls;

    private Counting(CrashingProxy next) {
      this.next = next;
    }

    @Override
    public Object intercept(String call, boolean isAsynchronous, Callable<Object> work)
        throws Exception {
      calls++;
      return next.intercept(call, isAsynchronous, work);
    }
  }

  @ParameterizedTest
  @EnumSource
  void completesAfterFailureOfAnyCall(FailureMode mode) {
    Counting counting = new Counting(CrashingProxy.PASS_THROUGH);
    complete.run(dane, counting);
    assertThat(counting.calls).isGreaterThan(50);

    for (int failing = 1; failing <= counting.calls; failing++) {
      MemoryImport interrupted = new MemoryImport();
      try {
        interrupted.run(dane, new CrashPoint(mode, failing));
      } catch (RuntimeException expected) {
        assertSendsOnlyFromCompleteDocuments(interrupted, mode + " " + failing);
      }
      ImportReport second = interrupted.run(dane);

      assertThat(interrupted.documentsById())
          .as("%s %s", mode, failing)
          .isEqualTo(complete.documentsById());
      assertThat(interrupted.tasksById())
          .as("%s %s", mode, failing)
          .isEqualTo(complete.tasksById());
      assertThat(interrupted.resultsById())
          .as("%s %s", mode, failing)
          .isEqualTo(complete.resultsById());
      assertThat(interrupted.parts.all()).hasSameSizeAs(complete.parts.all());
      for (RecordType type : RecordType.values()) {
        assertThat(importedOrExisting(second, type))
            .as("%s %s: %s", mode, failing, type.plural())
            .isEqualTo(importable(type));
      }
    }
  }

  private static long importedOrExisting(ImportReport report, RecordType type) {
    Matcher row =
        Pattern.compile(type.plural() + " +\\d+ +(\\d+) +(\\d+) +\\d+\n").matcher(report.text());
    return row.find() ? Long.parseLong(row.group(1)) + Long.parseLong(row.group(2)) : 0;
  }

  private long importable(RecordType type) {
    return switch (type) {
      case DOCUMENT -> complete.documentsById().size();
      case TASK -> complete.tasksById().size();
      case RESULT -> complete.resultsById().size();
    };
  }

  /** If a server may send a task, everything of its document is stored. */
  private void assertSendsOnlyFromCompleteDocuments(MemoryImport interrupted, String when) {
    for (Task task : interrupted.tasksById().values()) {
      if (task.state().isFinished() || ImportedTask.isHeld(task)) {
        continue;
      }
      String document = task.spec().document().id().value();
      assertThat(interrupted.documentsById()).as(when).containsKey(document);
      complete.tasksById().values().stream()
          .filter(other -> other.spec().document().id().value().equals(document))
          .forEach(
              other -> {
                assertThat(interrupted.tasksById()).as(when).containsKey(other.id().value());
                other
                    .resultRuns()
                    .forEach(
                        run ->
                            assertThat(interrupted.resultsById().keySet())
                                .as(when)
                                .containsAll(run.ids().stream().map(ResultId::value).toList()));
              });
    }
  }
}
