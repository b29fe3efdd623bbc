package dev.docket;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What holds for all tests. Classes run at the same time, so what a thread fails with is logged,
 * and not told to whoever waits for something just then. There is always somebody to tell: the
 * embedded broker ends the process if there is not.
 */
public final class TestRun implements LauncherSessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(TestRun.class);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> LOG.error("the thread {} has failed", thread.getName(), failure));
  }
}
