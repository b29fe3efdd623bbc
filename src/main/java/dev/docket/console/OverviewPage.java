package dev.docket.console;

import java.util.Map;

/** Writes the HTML of the start page. */
final class OverviewPage {

  private final PageTemplates templates;

  OverviewPage(PageTemplates templates) {
    this.templates = templates;
  }

  /** The value of {@code Content-Security-Policy}. */
  String policy() {
    return templates.policy("'none'");
  }

  String overview(Overview overview) {
    return templates.render("overview", Map.of("overview", overview));
  }
}
