package dev.docket.protocol.docket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.broker.BrokerNames;
import dev.docket.broker.Destination;
import dev.docket.broker.OutboundMessage;
import dev.docket.document.TargetType;
import dev.docket.protocol.MessageBody;
import dev.docket.protocol.SampleTasks;
import dev.docket.protocol.Transport;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DocketProtocolTest {

  private final DocketProtocol protocol = new DocketProtocol(new BrokerNames("one."));

  @Test
  void workersClaim() {
    assertThat(protocol.name()).isEqualTo("docket");
    assertThat(protocol.ackMode()).isEqualTo(Policy.AckMode.CLAIMS);
    assertThat(protocol.exchanges())
        .containsExactly(new Transport.Exchange("one.docket-exchange", true));
  }

  @Test
  void sendsTheSharedMessageBody() {
    Task task = SampleTasks.task("docket", "ASR", TargetType.VIDEO, 7);
    Instant now = Instant.parse("2026-03-01T10:00:00Z");

    OutboundMessage message = protocol.message(task, now);

    assertThat(message.destination())
        .isEqualTo(new Destination("one.docket-exchange", "Video.ASR"));
    assertThat(message.body()).isEqualTo(MessageBody.bytes(task));
    assertThat(message.properties())
        .isEqualTo(
            new OutboundMessage.Properties(
                "application/json",
                "utf-8",
                Map.of("traceparent", message.properties().headers().get("traceparent")),
                true,
                7,
                task.id() + ".1." + task.run().token(),
                "one.docket-responses",
                now,
                null,
                null));
  }

  @Test
  void eachMessageStartsATrace() {
    Task task = SampleTasks.task("docket", "ASR");
    Object first = protocol.message(task, Instant.EPOCH).properties().headers().get("traceparent");
    Object second = protocol.message(task, Instant.EPOCH).properties().headers().get("traceparent");

    assertThat(first.toString()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").isNotEqualTo(second);
  }

  @Test
  void rejectsRepliesThroughTheBroker() {
    assertThatThrownBy(
            () ->
                protocol.readReply(
                    SampleTasks.task("docket", "ASR"),
                    new RunId("task", 1, "run"),
                    "{\"state\":200}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Transport.UnreadableReply.class)
        .hasMessageContaining("HTTP");
  }
}
