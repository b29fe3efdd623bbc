package dev.docket.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What Elasticsearch and RabbitMQ do on this machine when nobody is in between. */
final class BackendLimits {

  static final String DOCUMENTS = "documents, 500 in a request";
  static final String ONE_BY_ONE = "records, one at a time (fsync each)";
  static final String GETS = "GETs by id, 16 connections";

  private static final List<Integer> GROUPS = List.of(16, 32, 64, 128, 256, 500);
  private static final int WRITERS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchEnvironment environment;
  private final Measurements results;
  private final int records;
  private final int messages;

  BackendLimits(BenchEnvironment environment, Measurements results, Options options) {
    this.environment = environment;
    this.results = results;
    this.records = options.size(10_000, 40_000);
    this.messages = options.size(10_000, 50_000);
  }

  /** The limit for task records that are written in groups of about this size. */
  static String tasks(double group) {
    int nearest =
        GROUPS.stream()
            .min((a, b) -> Double.compare(distance(a, group), distance(b, group)))
            .orElseThrow();
    return "tasks, " + nearest + " in a request";
  }

  private static double distance(int size, double group) {
    return Math.abs(Math.log(size / group));
  }

  /** Needs a task and its document that are stored. */
  void measure(String round) throws Exception {
    String task = SampleArchive.task(round, 0).value();
    String taskRecord = record("docket-tasks", task);
    String documentRecord = record("docket-documents", SampleArchive.id(round, 0).value());
    bulk(DOCUMENTS, "docket-documents", documentRecord, 500, 2 * records);
    for (int group : GROUPS) {
      bulk(tasks(group), "docket-tasks", taskRecord, group, Math.min(records, group * 400));
    }
    gets(task);
    writes(taskRecord);
    broker();
  }

  private String record(String index, String id) throws IOException {
    return environment.store("GET", "/" + index + "/_doc/" + id, "").path("_source").toString();
  }

  /** In an index of its own, with the same mapping and settings. */
  private void bulk(String name, String like, String source, int group, int count)
      throws Exception {
    JsonNode mapping = environment.store("GET", "/" + like + "/_mapping", "").elements().next();
    ObjectNode index = JSON.createObjectNode();
    index.putObject("settings").put("index.refresh_interval", "1s").put("number_of_replicas", 0);
    index.set("mappings", mapping.path("mappings"));
    environment.store("PUT", "/limit", index.toString());
    int requests = count / group;
    ConcurrentClients.Measured measured =
        ConcurrentClients.run(
            environment.store(),
            WRITERS,
            requests,
            (line, i) ->
                line.ask(
                        "POST",
                        "/limit/_bulk?filter_path=errors",
                        "application/x-ndjson",
                        lines(source, group))
                    .expect(200));
    environment.store("DELETE", "/limit", "");
    results.limit(name, requests * group / measured.seconds());
  }

  private static byte[] lines(String source, int group) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < group; i++) {
      lines
          .append("{\"create\":{\"_id\":\"")
          .append(UUID.randomUUID())
          .append("\"}}\n")
          .append(source)
          .append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void gets(String id) throws Exception {
    ConcurrentClients.Measured measured =
        ConcurrentClients.run(
            environment.store(),
            16,
            records * 2,
            (line, i) -> line.get("/docket-tasks/_doc/" + id).expect(200));
    results.limit(GETS, measured.rate());
  }

  private void writes(String source) throws Exception {
    environment.store("PUT", "/limit", "{\"mappings\":{\"enabled\":false}}");
    ConcurrentClients.Measured alone =
        ConcurrentClients.run(
            environment.store(),
            1,
            300,
            (line, i) ->
                line.ask(
                        "PUT",
                        "/limit/_doc/" + i,
                        "application/json",
                        source.getBytes(StandardCharsets.UTF_8))
                    .expect(201));
    environment.store("DELETE", "/limit", "");
    results.limit(ONE_BY_ONE, alone.rate());
  }

  private void broker() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(environment.broker());
    byte[] body = new byte[1024];
    try (Connection connection = factory.newConnection("limits");
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.queueDeclare("limit", true, false, false, null);
      long begin = System.nanoTime();
      for (int i = 1; i <= messages; i++) {
        channel.basicPublish("", "limit", MessageProperties.PERSISTENT_BASIC, body);
        if (i % 100 == 0) {
          channel.waitForConfirmsOrDie(30_000);
        }
      }
      results.limit("messages published, confirmed in hundreds", rate(begin));
      CountDownLatch left = new CountDownLatch(messages);
      channel.basicQos(100);
      long from = System.nanoTime();
      channel.basicConsume("limit", false, new Counting(channel, left));
      if (!left.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("RabbitMQ does not hand out its messages");
      }
      results.limit("messages consumed and acknowledged", rate(from));
      channel.queueDelete("limit");
    }
  }

  private double rate(long begin) {
    return messages / ((System.nanoTime() - begin) / 1e9);
  }

  private static final class Counting extends DefaultConsumer {
    private final CountDownLatch left;

    Counting(Channel channel, CountDownLatch left) {
      super(channel);
      this.left = left;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      if (left.getCount() % 50 == 1) {
        getChannel().basicAck(envelope.getDeliveryTag(), true);
      }
      left.countDown();
    }
  }
}
