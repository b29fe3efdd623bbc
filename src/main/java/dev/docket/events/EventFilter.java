package dev.docket.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.document.DocumentId;
import dev.docket.http.InvalidRequest;
import dev.docket.task.TaskKey;
import dev.docket.task.TaskState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Which events a reader wants. Of each of these any value will do, and where there is none, all do.
 *
 * @param creators ids
 * @param states numbers
 */
record EventFilter(
    Set<String> keys, Set<String> documents, Set<String> creators, Set<Integer> states) {

  /** The names of the parameters. */
  static final Set<String> NAMES = new TreeSet<>(Set.of("key", "document_id", "creator", "state"));

  private static final int MAX_VALUES = 100;

  EventFilter {
    keys = Set.copyOf(keys);
    documents = Set.copyOf(documents);
    creators = Set.copyOf(creators);
    states = Set.copyOf(states);
  }

  /**
   * What these parameters ask for.
   *
   * @throws InvalidRequest naming the parameter, and what is allowed
   */
  static EventFilter read(Map<String, List<String>> parameters) {
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!NAMES.contains(name)) {
        String shortened = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        throw InvalidRequest.field(shortened, "no such parameter; there are " + NAMES);
      }
    }
    return new EventFilter(
        values(parameters, "key", text -> TaskKey.fromString(text).value()),
        values(parameters, "document_id", text -> new DocumentId(text).value()),
        values(parameters, "creator", text -> text),
        values(parameters, "state", EventFilter::state));
  }

  private static <T> Set<T> values(
      Map<String, List<String>> parameters, String name, Function<String, T> read) {
    Set<T> values = new LinkedHashSet<>();
    List<String> given = parameters.getOrDefault(name, List.of());
    if (given.size() > MAX_VALUES) {
      throw InvalidRequest.field(name, "at most " + MAX_VALUES + " values, were " + given.size());
    }
    for (String text : given) {
      if (text.isEmpty()) {
        throw InvalidRequest.field(name, "must not be empty");
      }
      try {
        values.add(read.apply(text));
      } catch (NumberFormatException noNumber) {
        throw InvalidRequest.field(name, "must be the number or the name of a state");
      } catch (IllegalArgumentException bad) {
        throw InvalidRequest.field(name, String.valueOf(bad.getMessage()));
      }
    }
    return values;
  }

  private static int state(String text) {
    for (TaskState state : TaskState.values()) {
      if (state.name().equalsIgnoreCase(text)) {
        return state.number();
      }
    }
    return TaskState.ofNumber(Integer.parseInt(text)).number();
  }

  /** Whether an event, as it was published, is wanted. */
  boolean wants(JsonNode event) {
    return (keys.isEmpty() || keys.contains(event.path("key").asText()))
        && (documents.isEmpty() || documents.contains(event.path("document_id").asText()))
        && (creators.isEmpty() || creators.contains(event.path("creator_id").asText()))
        && (states.isEmpty() || states.contains(event.path("state").asInt()));
  }
}
