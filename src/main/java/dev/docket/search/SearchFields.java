package dev.docket.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The parameters of a search for documents, tasks, results or audit records, by their names in
 * JSON. They correspond to the indexed fields.
 *
 * @param words whether full-text search is available
 * @param texts text filters, which accept wildcards
 * @param objects free-form objects whose keys are filters, such as {@code metadata.title}
 * @param numbers filters on integers from 0, with the maximum of each
 * @param choices parameters that have one of a few values, with these values
 * @param times the prefixes of {@code …_from} and {@code …_to}, and of the time field {@code …_at}
 * @param sorts the sort fields, and whether their values are numbers or times
 * @param facets the fields whose values can be counted
 */
record SearchFields(
    boolean words,
    Set<String> texts,
    Set<String> objects,
    Map<String, Integer> numbers,
    Map<String, List<String>> choices,
    Set<String> times,
    Map<String, Boolean> sorts,
    Set<String> facets) {

  static final SearchFields DOCUMENTS =
      new SearchFields(
          true,
          names(
              "id target.id target.url target.type creator.id creator.type creator.name owner.name"
                  + " owner.group"),
          names("metadata"),
          Map.of(),
          Map.of(),
          names("created updated"),
          sorts("created_at updated_at", "creator.id target.type id"),
          names("target.type creator.id creator.type creator.name owner.name owner.group"));

  static final SearchFields TASKS =
      new SearchFields(
          true,
          names(
              "id document_id target.id target.type creator.id key state tags courier submitted_by"
                  + " owner.name owner.group lease.worker depends_on.id"),
          names("args"),
          Map.of("priority", 10, "answered_state", Integer.MAX_VALUE),
          Map.of(),
          names("created queued started finished updated due"),
          sorts(
              "created_at queued_at started_at finished_at updated_at due_at queued_ms run_ms"
                  + " priority attempt",
              "state key id"),
          names(
              "state key target.type creator.id priority tags courier submitted_by owner.name"
                  + " owner.group lease.worker"));

  static final SearchFields RESULTS =
      new SearchFields(
          false,
          names(
              "id task_id document_id key target.id target.type creator.id owner.name owner.group"),
          names("generator payload"),
          Map.of("attempt", Integer.MAX_VALUE),
          Map.of(
              SearchParameters.LATEST, List.of("true", "false", SearchParameters.ALL),
              SearchParameters.PAYLOAD, List.of(SearchParameters.FULL)),
          names("created"),
          sorts("created_at attempt", "key task_id document_id id"),
          names("key attempt target.type creator.id owner.name owner.group"));

  static final SearchFields AUDIT =
      new SearchFields(
          false,
          names("id principal group action record.kind record.id outcome address request_id"),
          Set.of(),
          Map.of(),
          Map.of(),
          names("created"),
          sorts("created_at", "principal action record.id id"),
          names("principal group action record.kind outcome address"));

  private static Set<String> names(String separatedBySpaces) {
    return Set.of(separatedBySpaces.split(" ", -1));
  }

  private static Map<String, Boolean> sorts(String numbersAndTimes, String texts) {
    Map<String, Boolean> sorts = new HashMap<>();
    names(numbersAndTimes).forEach(name -> sorts.put(name, true));
    names(texts).forEach(name -> sorts.put(name, false));
    return Map.copyOf(sorts);
  }

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
    times.forEach(time -> names.addAll(List.of(time + "_from", time + "_to")));
    names.addAll(SearchParameters.COMMON_PARAMETERS);
    if (!words) {
      names.remove("q");
    }
    return String.join(", ", names);
  }
}
