package dev.docket.protocol;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of workers that this installation knows, by name. */
public final class WorkerProtocols {

  private final Map<String, WorkerProtocol> byName;

  private WorkerProtocols(Map<String, WorkerProtocol> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * In the order given.
   *
   * @throws IllegalArgumentException if two have one name
   */
  public static WorkerProtocols of(List<WorkerProtocol> protocols) {
    Map<String, WorkerProtocol> byName = new LinkedHashMap<>();
    for (WorkerProtocol protocol : protocols) {
      if (byName.put(protocol.name(), protocol) != null) {
        throw new IllegalArgumentException("couriers: there are two of name " + protocol.name());
      }
    }
    return new WorkerProtocols(byName);
  }

  /**
   * The courier of this name.
   *
   * @throws IllegalArgumentException if there is none, saying which there are
   */
  public WorkerProtocol get(String name) {
    WorkerProtocol protocol = byName.get(name);
    if (protocol == null) {
      throw new IllegalArgumentException(
          "courier: must be one of " + String.join(", ", names()) + ", was " + name);
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
