package dev.docket.protocol.docket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.protocol.MessageBody;
import dev.docket.protocol.SampleTasks;
import dev.docket.protocol.WorkerProtocol;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class DocketProtocolTest {

  private final DocketProtocol protocol = new DocketProtocol();

  @Test
  void workersClaim() {
    assertThat(protocol.name()).isEqualTo("docket");
    assertThat(protocol.ackMode()).isEqualTo(Policy.AckMode.CLAIMS);
    assertThat(protocol.exchange()).isEqualTo(new WorkerProtocol.Exchange("docket-exchange", true));
  }

  @Test
  void sendsTheSharedMessageBody() {
    Task task = SampleTasks.task("docket", "ASR");
    assertThat(protocol.body(task)).isEqualTo(MessageBody.bytes(task));
  }

  @Test
  void rejectsRepliesThroughTheBroker() {
    assertThatThrownBy(
            () ->
                protocol.readReply(
                    SampleTasks.task("docket", "ASR"),
                    new RunId("task", 1, "run"),
                    "{\"state\":200}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(WorkerProtocol.UnreadableReply.class)
        .hasMessageContaining("HTTP");
  }
}
