package dev.docket.examples;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The command-line arguments of a command.
 *
 * @param positional arguments that are not options
 * @param options values of {@code --name VALUE} options, by name
 */
record Arguments(List<String> positional, Map<String, String> options) {

  Arguments {
    positional = List.copyOf(positional);
    options = Map.copyOf(options);
  }

  static Arguments of(List<String> args) {
    List<String> positional = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < args.size(); i++) {
      String argument = args.get(i);
      if (!argument.startsWith("--")) {
        positional.add(argument);
      } else if (i + 1 == args.size()) {
        throw new IllegalArgumentException(argument + " requires a value.");
      } else {
        i++;
        options.put(argument.substring(2), args.get(i));
      }
    }
    return new Arguments(positional, options);
  }

  /** Throws if there are too many arguments, or an option that the command does not have. */
  Arguments allow(int maxPositional, String... names) {
    if (positional.size() > maxPositional) {
      throw new IllegalArgumentException("Too many arguments: " + String.join(" ", positional));
    }
    Set<String> known = Set.of(names);
    for (String name : options.keySet()) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("Unknown option --" + name + ".");
      }
    }
    return this;
  }

  Optional<String> first() {
    return positional.stream().findFirst();
  }

  Optional<String> option(String name) {
    return Optional.ofNullable(options.get(name));
  }
}
