package dev.docket.protocol.docket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.docket.protocol.Courier;
import dev.docket.protocol.MessageBody;
import dev.docket.protocol.SampleTasks;
import dev.docket.task.Policy;
import dev.docket.task.Task;
import dev.docket.wire.RunId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class DocketCourierTest {

  private final DocketCourier courier = new DocketCourier();

  @Test
  void itsWorkersClaim() {
    assertThat(courier.name()).isEqualTo("docket");
    assertThat(courier.way()).isEqualTo(Policy.Way.CLAIMS);
    assertThat(courier.exchange()).isEqualTo(new Courier.Exchange("docket-exchange", true));
  }

  @Test
  void sendsWhatEveryWorkerReads() {
    Task task = SampleTasks.task("docket", "ASR");
    assertThat(courier.body(task)).isEqualTo(MessageBody.bytes(task));
  }

  @Test
  void anAnswerThroughTheBrokerIsNone() {
    assertThatThrownBy(
            () ->
                courier.answer(
                    SampleTasks.task("docket", "ASR"),
                    new RunId("task", 1, "run"),
                    "{\"state\":200}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(Courier.Unreadable.class)
        .hasMessageContaining("HTTP");
  }
}
