package dev.docket.events;

import com.fasterxml.jackson.databind.JsonNode;
import dev.docket.auth.Owner;
import dev.docket.auth.OwnerFilter;
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
 * Selects events. An event must match one value of each set; an empty set matches all events.
 *
 * @param creators ids of creators
 * @param states numbers of states
 * @param owners whose tasks the events are about
 */
record EventFilter(
    Set<String> keys,
    Set<String> documents,
    Set<String> creators,
    Set<Integer> states,
    OwnerFilter owners) {

  /** The names of the query parameters. */
  static final Set<String> NAMES = new TreeSet<>(Set.of("key", "document_id", "creator", "state"));

  private static final int MAX_VALUES = 100;

  EventFilter {
    keys = Set.copyOf(keys);
    documents = Set.copyOf(documents);
    creators = Set.copyOf(creators);
    states = Set.copyOf(states);
  }

  /**
   * Parses query parameters.
   *
   * @throws InvalidRequest that names the invalid parameter and what is allowed
   */
  static EventFilter read(Map<String, List<String>> parameters, OwnerFilter owners) {
    for (String name : new TreeSet<>(parameters.keySet())) {
      if (!NAMES.contains(name)) {
        String shortened = name.length() > 100 ? name.substring(0, 100) + "…" : name;
        throw InvalidRequest.field(shortened, "unknown parameter; allowed are " + NAMES);
      }
    }
    return new EventFilter(
        values(parameters, "key", text -> TaskKey.fromString(text).value()),
        values(parameters, "document_id", text -> new DocumentId(text).value()),
        values(parameters, "creator", text -> text),
        values(parameters, "state", EventFilter::state),
        owners);
  }

  private static <T> Set<T> values(
      Map<String, List<String>> parameters, String name, Function<String, T> parser) {
    Set<T> values = new LinkedHashSet<>();
    List<String> texts = parameters.getOrDefault(name, List.of());
    if (texts.size() > MAX_VALUES) {
      throw InvalidRequest.field(
          name, "must have at most " + MAX_VALUES + " values (has " + texts.size() + ")");
    }
    for (String text : texts) {
      if (text.isEmpty()) {
        throw InvalidRequest.field(name, "must not be empty");
      }
      try {
        values.add(parser.apply(text));
      } catch (NumberFormatException e) {
        throw InvalidRequest.field(name, "must be the number or the name of a state");
      } catch (IllegalArgumentException e) {
        throw InvalidRequest.field(name, String.valueOf(e.getMessage()));
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

  /** Whether an event, as published, matches. */
  boolean matches(JsonNode event) {
    return (keys.isEmpty() || keys.contains(event.path("key").asText()))
        && (documents.isEmpty() || documents.contains(event.path("document_id").asText()))
        && (creators.isEmpty() || creators.contains(event.path("creator_id").asText()))
        && (states.isEmpty() || states.contains(event.path("state").asInt()))
        && (owners.includesAll() || owners.includes(owner(event.path("owner"))));
  }

  private static Owner owner(JsonNode owner) {
    String name = owner.path("name").asText();
    return name.isEmpty() ? Owner.NOBODY : new Owner(name, owner.path("group").textValue());
  }
}
