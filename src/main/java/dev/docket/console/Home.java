package dev.docket.console;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The start page for programs.
 *
 * @param links addresses of other pages, relative to this one
 */
public record Home(String name, String version, Map<String, String> links) {

  private static final String[] PATHS = {
    "docs/", "openapi.json", "health", "ready", "stats", "drift", "workers", "search/task", "events"
  };

  public Home {
    links = Collections.unmodifiableMap(new LinkedHashMap<>(links));
  }

  static Home of(String version) {
    Map<String, String> links = new LinkedHashMap<>();
    for (String path : PATHS) {
      links.put(path.replaceAll("/$|\\.json$", "").replace('/', '_'), "/" + path);
    }
    return new Home("docket-server", version, links);
  }
}
