package dev.docket.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands behind a command on the command line.
 *
 * @param named those that follow a {@code --name}
 */
record Arguments(List<String> plain, Map<String, String> named) {

  Arguments {
    plain = List.copyOf(plain);
    named = Map.copyOf(named);
  }

  static Arguments of(List<String> words) {
    List<String> plain = new ArrayList<>();
    Map<String, String> named = new LinkedHashMap<>();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (!word.startsWith("--")) {
        plain.add(word);
      } else if (i + 1 == words.size()) {
        throw new IllegalArgumentException("A value is missing behind " + word + ".");
      } else {
        i++;
        named.put(word.substring(2), words.get(i));
      }
    }
    return new Arguments(plain, named);
  }

  /** Refuses what the command does not know. */
  Arguments allow(int mostPlain, String... names) {
    if (plain.size() > mostPlain) {
      throw new IllegalArgumentException("Too many arguments: " + String.join(" ", plain));
    }
    Set<String> known = Set.of(names);
    for (String name : named.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("There is no option --" + name + ".");
      }
    }
    return this;
  }

  Optional<String> first() {
    return plain.stream().findFirst();
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(named.get(name));
  }
}
