package dev.docket.backends;

import java.util.ArrayList;
import java.util.List;
import org.apache.qpid.server.model.Binding;
import org.apache.qpid.server.model.Exchange;
import org.apache.qpid.server.model.Queue;
import org.apache.qpid.server.virtualhost.QueueManagingVirtualHost;

/** Reads queues and bindings from Qpid's objects, and deletes them. Thread-safe. */
record QpidStatistics(QueueManagingVirtualHost<?> host) {

  List<QueueStatistics> queues() {
    return host.getChildren(Queue.class).stream().map(QpidStatistics::toStatistics).toList();
  }

  private static QueueStatistics toStatistics(Queue<?> queue) {
    return new QueueStatistics(
        queue.getName(),
        queue.isDurable(),
        queue.getAvailableMessages(),
        queue.getUnacknowledgedMessages(),
        queue.getConsumerCount());
  }

  List<QueueBinding> bindings() {
    List<QueueBinding> all = new ArrayList<>();
    for (Queue<?> queue : host.getChildren(Queue.class)) {
      all.add(new QueueBinding("", queue.getName(), queue.getName()));
    }
    for (Exchange<?> exchange : host.getChildren(Exchange.class)) {
      for (Binding binding : exchange.getBindings()) {
        all.add(
            new QueueBinding(
                exchange.getName(), binding.getDestination(), binding.getBindingKey()));
      }
    }
    return all;
  }

  void deleteAll(String prefix) {
    for (Queue<?> queue : host.getChildren(Queue.class)) {
      if (queue.getName().startsWith(prefix)) {
        queue.delete();
      }
    }
    for (Exchange<?> exchange : host.getChildren(Exchange.class)) {
      if (exchange.getName().startsWith(prefix)) {
        exchange.delete();
      }
    }
  }
}
