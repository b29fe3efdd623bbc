package dev.docket.protocol;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The kinds of workers that this installation knows, by name. */
public final class Couriers {

  private final Map<String, Courier> byName;

  private Couriers(Map<String, Courier> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * In the order given.
   *
   * @throws IllegalArgumentException if two have one name
   */
  public static Couriers of(List<Courier> couriers) {
    Map<String, Courier> byName = new LinkedHashMap<>();
    for (Courier courier : couriers) {
      if (byName.put(courier.name(), courier) != null) {
        throw new IllegalArgumentException("couriers: there are two of name " + courier.name());
      }
    }
    return new Couriers(byName);
  }

  /**
   * The courier of this name.
   *
   * @throws IllegalArgumentException if there is none, saying which there are
   */
  public Courier get(String name) {
    Courier courier = byName.get(name);
    if (courier == null) {
      throw new IllegalArgumentException(
          "courier: must be one of " + String.join(", ", names()) + ", was " + name);
    }
    return courier;
  }

  public Set<String> names() {
    return byName.keySet();
  }

  public Collection<Courier> all() {
    return byName.values();
  }
}
