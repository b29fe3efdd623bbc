package dev.docket.guard;

import static dev.docket.guard.GuardedServer.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SlowClientsTest {

  private static final int LARGE = 1 << 20;

  private final List<RawClient> clients = new ArrayList<>();
  private GuardedServer server;

  @BeforeEach
  void start() throws Exception {
    server = GuardedServer.withKeys("slow", "other");
  }

  @AfterEach
  void stop() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    server.stop();
  }

  private RawClient client() throws IOException {
    RawClient client = new RawClient(server.uri());
    clients.add(client);
    return client;
  }

  private String answer(String request) throws IOException {
    return client().send(request).response();
  }

  @Test
  void thousandHalfSentSmallBodiesHoldNoThread() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      client().send(post("slow", 100, "half"));
    }

    assertThat(answer(post("other", 4, "body"))).contains("200 OK").endsWith("read 4 bytes");
    assertThat(answer(post("slow", 4, "body"))).contains("200 OK").endsWith("read 4 bytes");
  }

  @Test
  void halfSentLargeBodiesOfOneKeyLeaveThreadsForOthers() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      client().send(post("slow", LARGE, "half"));
    }

    assertThat(answer(post("other", 4, "body"))).contains("200 OK").endsWith("read 4 bytes");
    assertThat(answer(post("other", LARGE, "x".repeat(LARGE))))
        .contains("200 OK")
        .endsWith("read " + LARGE + " bytes");
  }

  @Test
  void probesAnswerWhileAllKeysSendLargeBodiesSlowly() throws Exception {
    for (int i = 0; i < 100; i++) {
      client().send(post("slow", LARGE, "half"));
      client().send(post("other", LARGE, "half"));
      client().send(post("unknown", LARGE, "half"));
    }

    assertThat(answer("GET /health HTTP/1.1\nHost: localhost\nConnection: close\n\n"))
        .contains("200 OK");
  }

  @Test
  void clientsOfOneKeyThatDoNotReadLeaveThreadsForOthers() throws Exception {
    for (int i = 0; i < 2 * GuardedServer.THREADS; i++) {
      client().send(post("slow", 0, "").replace("POST /task", "GET /list"));
    }

    assertThat(answer(post("other", 4, "body"))).contains("200 OK").endsWith("read 4 bytes");
  }

  @Test
  void waitingRequestsContinueWhenSlowOnesLeave() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < GuardedServer.THREADS; i++) {
      slow.add(client().send(post("slow", LARGE, "half")));
    }
    RawClient waiting = client().send(post("slow", LARGE, "x".repeat(LARGE)));

    for (RawClient gone : slow) {
      gone.close();
    }

    assertThat(waiting.response()).contains("200 OK").endsWith("read " + LARGE + " bytes");
  }

  @Test
  void bodiesInPiecesArriveWhole() throws Exception {
    RawClient client = client().send(post("slow", 40_000, ""));
    for (int i = 0; i < 400; i++) {
      client.send("x".repeat(100));
    }

    assertThat(client.response()).endsWith("read 40000 bytes");
  }

  @Test
  void chunkedBodiesArriveWhole() throws Exception {
    RawClient client =
        client()
            .send(
                """
                POST /task HTTP/1.1
                Host: localhost
                Authorization: Bearer slow
                Transfer-Encoding: chunked
                Connection: close

                """);
    for (int i = 0; i < 100; i++) {
      client.send("400\n" + "x".repeat(1024) + "\n");
    }
    client.send("0\n\n");

    assertThat(client.response()).contains("read 102400 bytes");
  }

  @Test
  void clientsThatLeaveInMidBodyLeaveNoBytesReserved() throws Exception {
    client().send(post("slow", 100, "half")).close();

    assertThat(answer(post("slow", 4, "body"))).endsWith("read 4 bytes");
  }
}
