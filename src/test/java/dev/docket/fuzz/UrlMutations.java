package dev.docket.fuzz;

import dev.docket.fuzz.RequestDraft.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes the method, the path or the query. */
final class UrlMutations {

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "ODD", "get");

  private static final List<String> NAMES =
      List.of(
          "size",
          "from",
          "cursor",
          "sort",
          "q",
          "fresh",
          "facets",
          "state",
          "key",
          "id",
          "payload",
          "all",
          "attempt",
          "latest",
          "scroll",
          "scroll_id",
          "_source",
          "doc",
          "docs",
          "page",
          "target_id",
          "creator_id",
          "created_from",
          "metadata.x",
          "args.x",
          "refresh",
          "routing");

  private UrlMutations() {}

  static String changeMethod(RequestDraft draft, Random random) {
    draft.method = METHODS.get(random.nextInt(METHODS.size()));
    return "method";
  }

  static String changePath(RequestDraft draft, Random random) {
    List<String> segments = new ArrayList<>(Arrays.asList(draft.path.split("/", -1)));
    int at = segments.size() == 1 ? 0 : 1 + random.nextInt(segments.size() - 1);
    switch (random.nextInt(8)) {
      case 0 -> segments.remove(at);
      case 1 -> segments.add(at, "");
      case 2 -> segments.add("");
      case 3 -> segments.set(at, segments.get(at) + ";a=b");
      case 4 -> segments.add(at, random.nextBoolean() ? ".." : "%2e%2e");
      case 5 -> segments.set(at, "%zz");
      default -> segments.set(at, OddValues.percentEncoded(OddValues.shortText(random)));
    }
    String path = String.join("/", segments);
    draft.path = path.startsWith("/") ? path : "/" + path;
    return "path";
  }

  static String changeQuery(RequestDraft draft, Random random) {
    int at = draft.query.isEmpty() ? -1 : random.nextInt(draft.query.size());
    if (at >= 0 && random.nextInt(4) > 0) {
      Field field = draft.query.get(at);
      switch (random.nextInt(5)) {
        case 0 -> draft.query.remove(at);
        case 1 -> draft.query.add(new Field(field.name(), value(random)));
        case 2 ->
            draft.query.set(at, new Field(field.name().replace("=", "") + "x", field.value()));
        default -> draft.query.set(at, new Field(field.name(), value(random)));
      }
      return "query " + field.name();
    }
    String name =
        random.nextInt(6) == 0
            ? OddValues.percentEncoded(OddValues.shortText(random))
            : NAMES.get(random.nextInt(NAMES.size()));
    draft.query.add(new Field(name, value(random)));
    return "query " + name;
  }

  private static String value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> OddValues.number(random).replace("+", "%2B");
      case 1 -> "%zz";
      case 2 -> "%";
      default -> OddValues.percentEncoded(OddValues.shortText(random));
    };
  }
}
