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

/** Measures the maximum rates of Elasticsearch and RabbitMQ on this machine, without Docket. */
final class BackendLimits {

  static final String DOCUMENTS = "documents, 500 per bulk request";
  static final String SINGLE_WRITES = "records, single writes (one fsync each)";
  static final String GETS = "GETs by id, 16 connections";

  private static final List<Integer> BULK_SIZES = List.of(16, 32, 64, 128, 256, 500);
  private static final int WRITERS = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final BenchEnvironment environment;
  private final Measurements measurements;
  private final int records;
  private final int messages;

  BackendLimits(BenchEnvironment environment, Measurements measurements, Options options) {
    this.environment = environment;
    this.measurements = measurements;
    this.records = options.size(10_000, 40_000);
    this.messages = options.size(10_000, 50_000);
  }

  /** The name of the limit for task records with about so many items in a bulk request. */
  static String tasks(double bulkSize) {
    int nearest =
        BULK_SIZES.stream()
            .min((a, b) -> Double.compare(distance(a, bulkSize), distance(b, bulkSize)))
            .orElseThrow();
    return "tasks, " + nearest + " per bulk request";
  }

  private static double distance(int size, double bulkSize) {
    return Math.abs(Math.log(size / bulkSize));
  }

  /** Requires that the first task of the round and its document are stored. */
  void measure(String round) throws Exception {
    String task = SampleArchive.taskId(round, 0).value();
    String taskRecord = record("docket-tasks", task);
    String documentRecord = record("docket-documents", SampleArchive.documentId(round, 0).value());
    measureBulk(DOCUMENTS, "docket-documents", documentRecord, 500, 2 * records);
    for (int bulkSize : BULK_SIZES) {
      measureBulk(
          tasks(bulkSize), "docket-tasks", taskRecord, bulkSize, Math.min(records, bulkSize * 400));
    }
    measureGets(task);
    measureSingleWrites(taskRecord);
    measureBroker();
  }

  private String record(String index, String id) throws IOException {
    return environment
        .elasticsearch("GET", "/" + index + "/_doc/" + id, "")
        .path("_source")
        .toString();
  }

  /** Writes to a separate index with the same mapping and settings. */
  private void measureBulk(
      String name, String templateIndex, String source, int bulkSize, int count) throws Exception {
    JsonNode mapping =
        environment.elasticsearch("GET", "/" + templateIndex + "/_mapping", "").elements().next();
    ObjectNode index = JSON.createObjectNode();
    index.putObject("settings").put("index.refresh_interval", "1s").put("number_of_replicas", 0);
    index.set("mappings", mapping.path("mappings"));
    environment.elasticsearch("PUT", "/limit", index.toString());
    int requests = count / bulkSize;
    ConcurrentClients.Timings timings =
        ConcurrentClients.run(
            environment.elasticsearch(),
            WRITERS,
            requests,
            (connection, i) ->
                connection
                    .send(
                        "POST",
                        "/limit/_bulk?filter_path=errors",
                        "application/x-ndjson",
                        bulkBody(source, bulkSize))
                    .expect(200));
    environment.elasticsearch("DELETE", "/limit", "");
    measurements.addLimit(name, requests * bulkSize / timings.seconds());
  }

  private static byte[] bulkBody(String source, int bulkSize) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < bulkSize; i++) {
      lines
          .append("{\"create\":{\"_id\":\"")
          .append(UUID.randomUUID())
          .append("\"}}\n")
          .append(source)
          .append('\n');
    }
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void measureGets(String id) throws Exception {
    ConcurrentClients.Timings timings =
        ConcurrentClients.run(
            environment.elasticsearch(),
            16,
            records * 2,
            (connection, i) -> connection.get("/docket-tasks/_doc/" + id).expect(200));
    measurements.addLimit(GETS, timings.rate());
  }

  private void measureSingleWrites(String source) throws Exception {
    environment.elasticsearch("PUT", "/limit", "{\"mappings\":{\"enabled\":false}}");
    ConcurrentClients.Timings timings =
        ConcurrentClients.run(
            environment.elasticsearch(),
            1,
            300,
            (connection, i) ->
                connection
                    .send(
                        "PUT",
                        "/limit/_doc/" + i,
                        "application/json",
                        source.getBytes(StandardCharsets.UTF_8))
                    .expect(201));
    environment.elasticsearch("DELETE", "/limit", "");
    measurements.addLimit(SINGLE_WRITES, timings.rate());
  }

  private void measureBroker() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(environment.broker());
    byte[] body = new byte[1024];
    try (Connection connection = factory.newConnection("limits");
        Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.queueDeclare("limit", true, false, false, null);
      long start = System.nanoTime();
      for (int i = 1; i <= messages; i++) {
        channel.basicPublish("", "limit", MessageProperties.PERSISTENT_BASIC, body);
        if (i % 100 == 0) {
          channel.waitForConfirmsOrDie(30_000);
        }
      }
      measurements.addLimit("messages published, one confirm wait per 100", rate(start));
      CountDownLatch remaining = new CountDownLatch(messages);
      channel.basicQos(100);
      long consumeStart = System.nanoTime();
      channel.basicConsume("limit", false, new CountingConsumer(channel, remaining));
      if (!remaining.await(1, TimeUnit.MINUTES)) {
        throw new IllegalStateException("RabbitMQ did not deliver all messages within a minute");
      }
      measurements.addLimit("messages consumed and acknowledged", rate(consumeStart));
      channel.queueDelete("limit");
    }
  }

  private double rate(long start) {
    return messages / ((System.nanoTime() - start) / 1e9);
  }

  private static final class CountingConsumer extends DefaultConsumer {
    private final CountDownLatch remaining;

    CountingConsumer(Channel channel, CountDownLatch remaining) {
      super(channel);
      this.remaining = remaining;
    }

    @Override
    public void handleDelivery(
        String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
        throws IOException {
      if (remaining.getCount() % 50 == 1) {
        getChannel().basicAck(envelope.getDeliveryTag(), true);
      }
      remaining.countDown();
    }
  }
}
