package dev.docket.protocol;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The worker protocols of this installation, by name. */
public final class WorkerProtocols {

  private final Map<String, WorkerProtocol> byName;

  private WorkerProtocols(Map<String, WorkerProtocol> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * Keeps the order of the list.
   *
   * @throws IllegalArgumentException if two protocols have the same name
   */
  public static WorkerProtocols of(List<WorkerProtocol> protocols) {
    Map<String, WorkerProtocol> byName = new LinkedHashMap<>();
    for (WorkerProtocol protocol : protocols) {
      if (byName.put(protocol.name(), protocol) != null) {
        throw new IllegalArgumentException(
            "names of worker protocols must be unique (two are named " + protocol.name() + ")");
      }
    }
    return new WorkerProtocols(byName);
  }

  /**
   * The protocol with this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the allowed names
   */
  public WorkerProtocol get(String name) {
    WorkerProtocol protocol = byName.get(name);
    if (protocol == null) {
      throw new IllegalArgumentException(
          "worker protocol must be one of " + String.join(", ", names()) + " (was " + name + ")");
    }
    return protocol;
  }

  public Set<String> names() {
    return byName.keySet();
  }

  public Collection<WorkerProtocol> all() {
    return byName.values();
  }
}
