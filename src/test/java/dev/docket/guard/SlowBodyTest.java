package dev.docket.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SlowBodyTest {

  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server, 1, 1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final AtomicLong clock = new AtomicLong();

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private URI start(LongSupplier nanos) throws Exception {
    server.addConnector(connector);
    server.setErrorHandler(new ProblemErrors(new ObjectMapper()));
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            SlowBody body = new SlowBody(request, nanos);
            int bytes = 0;
            try (var in = Content.Source.asInputStream(body)) {
              while (in.read() >= 0) {
                bytes++;
                // What the server does with a byte takes long, too.
                clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
              }
            }
            Content.Sink.write(response, true, "read " + bytes + " bytes", callback);
            return true;
          }
        });
    server.start();
    return URI.create("http://127.0.0.1:" + connector.getLocalPort());
  }

  private static String head(int length) {
    return "POST / HTTP/1.1\nHost: localhost\nConnection: close\nContent-Length: %d\n\n"
        .formatted(length);
  }

  @Test
  void rejectsBodyThatArrivesTooSlowly() throws Exception {
    // Each look at the clock is a minute after the one before.
    LongSupplier nanos =
        () -> {
          waiting.countDown();
          return clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
        };
    try (RawClient client = new RawClient(start(nanos))) {
      client.send(head(100) + "first");
      assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();
      client.send("second");

      assertThat(client.response()).startsWith("HTTP/1.1 408").contains("at least 100 bytes/s");
    }
  }

  @Test
  void doesNotCountTheTimeOfTheServer() throws Exception {
    try (RawClient client = new RawClient(start(clock::get))) {
      client.send(head(10_000) + "x".repeat(10_000));

      assertThat(client.response()).startsWith("HTTP/1.1 200").contains("read 10000 bytes");
    }
  }
}
