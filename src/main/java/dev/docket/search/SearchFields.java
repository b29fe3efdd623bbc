package dev.docket.search;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What can be asked of documents, tasks and results, by the names that stand in their JSON. It
 * follows from what is indexed.
 *
 * @param words whether there is text to be searched for words
 * @param texts filters on text, with wildcards
 * @param keyed objects whose every key is a filter, as {@code metadata.title}
 * @param numbers filters on whole numbers from 0, and the largest
 * @param times the time fields that have a {@code …_from} and a {@code …_to}
 * @param sorts what can be sorted by, and whether it is a number or a time
 * @param facets what can be counted
 */
record SearchFields(
    boolean words,
    Set<String> texts,
    Set<String> keyed,
    Map<String, Integer> numbers,
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
          Map.of("priority", 10),
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
          Set.of("id", "task_id", "document_id", "key"),
          Set.of("payload"),
          Map.of("attempt", Integer.MAX_VALUE),
          Map.of("created", "created_at"),
          Map.of(
              "created_at", true,
              "attempt", true,
              "key", false,
              "task_id", false,
              "document_id", false,
              "id", false),
          Set.of("key", "attempt"));

  /** Whether a parameter of this name is the key of an object, as {@code metadata.title}. */
  boolean isKeyed(String name) {
    return keyed.stream().anyMatch(k -> name.startsWith(k + ".") && name.length() > k.length() + 1);
  }

  /** The names of all parameters, for people. */
  String allowed() {
    Set<String> all = new TreeSet<>(texts);
    all.addAll(numbers.keySet());
    keyed.forEach(object -> all.add(object + ".…"));
    times.keySet().forEach(time -> all.addAll(List.of(time + "_from", time + "_to")));
    all.addAll(SearchParameters.COMMON_PARAMETERS);
    if (!words) {
      all.remove("q");
    }
    return String.join(", ", all);
  }
}
