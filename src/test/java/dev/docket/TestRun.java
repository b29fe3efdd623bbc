package dev.docket;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings for all tests. Test classes run concurrently, so an uncaught exception of a thread is
 * logged and does not fail an unrelated test that waits with Awaitility. A default handler is
 * always set, because the embedded broker ends the process if there is none.
 */
public final class TestRun implements LauncherSessionListener {

  private static final Logger LOG = LoggerFactory.getLogger(TestRun.class);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.doNotCatchUncaughtExceptionsByDefault();
    Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LOG.error("Thread {} failed with an uncaught exception", thread.getName(), failure));
  }
}
