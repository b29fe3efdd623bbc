package dev.docket.search;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of a search for documents, tasks or results, by their names in JSON. They
 * correspond to the indexed fields.
 *
 * @param words whether full-text search is available
 * @param texts text filters, which accept wildcards
 * @param objects free-form objects whose keys are filters, such as {@code metadata.title}
 * @param numbers filters on integers from 0, with the maximum of each
 * @param choices parameters that have one of a few values, with these values
 * @param times the prefixes of {@code …_from} and {@code …_to}, with the time field of each
 * @param sorts the sort fields, and whether their values are numbers or times
 * @param facets the fields whose values can be counted
 */
record SearchFields(
    boolean words,
    Set<String> texts,
    Set<String> objects,
    Map<String, Integer> numbers,
    Map<String, List<String>> choices,
    Map<String, String> times,
    Map<String, Boolean> sorts,
    Set<String> facets) {

  static final SearchFields DOCUMENTS =
      new SearchFields(
          true,
          Set.of(
              "id",
              "target.id",
              "target.url",
              "target.type",
              "creator.id",
              "creator.type",
              "creator.name"),
          Set.of("metadata"),
          Map.of(),
          Map.of(),
          Map.of("created", "created_at", "updated", "updated_at"),
          Map.of(
              "created_at", true,
              "updated_at", true,
              "creator.id", false,
              "target.type", false,
              "id", false),
          Set.of("target.type", "creator.id", "creator.type", "creator.name"));

  static final SearchFields TASKS =
      new SearchFields(
          true,
          Set.of(
              "id",
              "document_id",
              "target.id",
              "target.type",
              "creator.id",
              "key",
              "state",
              "tags",
              "courier",
              "submitted_by",
              "lease.worker",
              "depends_on.id"),
          Set.of("args"),
          Map.of("priority", 10, "answered_state", Integer.MAX_VALUE),
          Map.of(),
          Map.of(
              "created", "created_at",
              "queued", "queued_at",
              "started", "started_at",
              "finished", "finished_at",
              "updated", "updated_at",
              "due", "due_at"),
          Map.ofEntries(
              Map.entry("created_at", true),
              Map.entry("queued_at", true),
              Map.entry("started_at", true),
              Map.entry("finished_at", true),
              Map.entry("updated_at", true),
              Map.entry("due_at", true),
              Map.entry("queued_ms", true),
              Map.entry("run_ms", true),
              Map.entry("priority", true),
              Map.entry("attempt", true),
              Map.entry("state", false),
              Map.entry("key", false),
              Map.entry("id", false)),
          Set.of(
              "state",
              "key",
              "target.type",
              "creator.id",
              "priority",
              "tags",
              "courier",
              "submitted_by",
              "lease.worker"));

  static final SearchFields RESULTS =
      new SearchFields(
          false,
          Set.of("id", "task_id", "document_id", "key", "target.id", "target.type", "creator.id"),
          Set.of("generator", "payload"),
          Map.of("attempt", Integer.MAX_VALUE),
          Map.of(
              SearchParameters.LATEST, List.of("true", "false", SearchParameters.ALL),
              SearchParameters.PAYLOAD, List.of(SearchParameters.FULL)),
          Map.of("created", "created_at"),
          Map.of(
              "created_at", true,
              "attempt", true,
              "key", false,
              "task_id", false,
              "document_id", false,
              "id", false),
          Set.of("key", "attempt", "target.type", "creator.id"));

  /** Returns whether a parameter is a key of a free-form object, such as {@code metadata.title}. */
  boolean isObjectKey(String name) {
    return objects.stream()
        .anyMatch(object -> name.startsWith(object + ".") && name.length() > object.length() + 1);
  }

  /** Returns the names of all parameters, for error messages. */
  String parameterNames() {
    Set<String> names = new TreeSet<>(texts);
    names.addAll(numbers.keySet());
    names.addAll(choices.keySet());
    objects.forEach(object -> names.add(object + ".…"));
    times.keySet().forEach(time -> names.addAll(List.of(time + "_from", time + "_to")));
    names.addAll(SearchParameters.COMMON_PARAMETERS);
    if (!words) {
      names.remove("q");
    }
    return String.join(", ", names);
  }
}
