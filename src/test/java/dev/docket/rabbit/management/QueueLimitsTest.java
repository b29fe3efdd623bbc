package dev.docket.rabbit.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.docket.broker.QueueLimit;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QueueLimitsTest {

  private static List<QueueLimit> limits(String json) throws Exception {
    return QueueLimits.of(new ObjectMapper().readTree(json.replace('\'', '"')));
  }

  @Test
  void namesPolicyAndArgument() throws Exception {
    assertThat(
            limits(
                "{'arguments':{'x-max-priority':10,'x-message-ttl':500},'policy':'limit',"
                    + "'effective_policy_definition':{'max-length':3,'overflow':'reject-publish'}}"))
        .containsExactly(
            new QueueLimit("max-length", "3", "policy \"limit\""),
            new QueueLimit("overflow", "reject-publish", "policy \"limit\""),
            new QueueLimit("message-ttl", "500", "argument x-message-ttl"));
  }

  @Test
  void smallerNumberAndArgumentApply() throws Exception {
    assertThat(
            limits(
                "{'arguments':{'x-max-length':5,'x-overflow':'drop-head'},'policy':'p',"
                    + "'operator_policy':'o','effective_policy_definition':"
                    + "{'max-length':3,'overflow':'reject-publish'}}"))
        .containsExactly(
            new QueueLimit("max-length", "3", "policy \"p\" or operator policy \"o\""),
            new QueueLimit("overflow", "drop-head", "argument x-overflow"));
  }

  @Test
  void queueOfEmbeddedBrokerHasNone() throws Exception {
    assertThat(limits("{'name':'q'}")).isEmpty();
    assertThat(
            limits(
                "{'arguments':{'x-max-priority':10},'policy':null,"
                    + "'effective_policy_definition':{}}"))
        .isEmpty();
  }
}
