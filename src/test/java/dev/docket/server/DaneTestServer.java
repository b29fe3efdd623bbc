package dev.docket.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.backends.junit.BackendsExtension;
import dev.docket.protocol.dane.DaneProtocol;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

/** A server with the worker protocol of DANE for all keys, and with DANE's own ports. */
final class DaneTestServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BackendsExtension backends;
  private final int storePort;
  private final int port;
  private final TestServer server;

  DaneTestServer(BackendsExtension backends) throws Exception {
    this.backends = backends;
    this.storePort = ServerProcess.freePort();
    this.port = ServerProcess.freePort();
    URI management = backends.backends().management().orElseThrow();
    String yaml =
        TestServer.config(
                backends.backends().elasticsearch(),
                backends.backends().amqp(),
                backends.prefix(),
                "dane: {port: {enabled: true, port: "
                    + port
                    + "}, store: {enabled: true, port: "
                    + storePort
                    + "}}")
            .replace("tasks: {", "tasks: {protocol: dane, ")
            .replace("broker: {", "broker: {management: \"" + management + "\", ");
    server = new TestServer(yaml, DaneProtocol::new);
  }

  TestServer server() {
    return server;
  }

  TestServer.Response get(String path) {
    return server.get("/DANE" + path);
  }

  TestServer.Response post(String path, String body) {
    return server.post("/DANE" + path, body);
  }

  TestServer.Response delete(String path) {
    return server.delete("/DANE" + path);
  }

  /** Registers a document and returns its id. */
  String document(String targetId, String creator) {
    return made(
        200,
        post(
            "/document/",
            json(
                Map.of(
                    "target",
                    Map.of("id", targetId, "url", "http://localhost/" + targetId, "type", "Video"),
                    "creator",
                    Map.of("id", creator, "type", "Organization")))));
  }

  /** Assigns a task and returns its id. */
  String task(String document, String key, Map<String, ?> args) {
    return made(
        201,
        post(
            "/task/",
            json(Map.of("document_id", document, "task", Map.of("key", key, "args", args)))));
  }

  private static String made(int status, TestServer.Response reply) {
    if (reply.status() != status) {
      throw new AssertionError(reply.raw().body());
    }
    return reply.text("_id");
  }

  static String json(Object value) {
    return JSON.<JsonNode>valueToTree(value).toString();
  }

  int state(String task) {
    return get("/task/" + task).body().path("state").asInt();
  }

  /** The port of DANE's API alone. */
  URI port() {
    return URI.create("http://127.0.0.1:" + port);
  }

  URI store() {
    return URI.create("http://127.0.0.1:" + storePort);
  }

  /** Starts a worker for these keys that consumes from this queue. */
  PythonWorker worker(String queue, String keys) throws IOException {
    return PythonWorker.start(
        "dane_worker.py",
        backends.backends().amqp() + "",
        backends.prefix() + "DANE-exchange",
        backends.prefix() + queue,
        keys,
        store() + "");
  }

  @Override
  public void close() {
    server.close();
  }
}
