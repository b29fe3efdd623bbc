package dev.docket.service;

import dev.docket.document.MaxJsonBytes;
import dev.docket.http.Problem.FieldError;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds everything that is wrong with the description of a service. */
public final class SpecCheck {

  private static final int MAX_NAME = 256;
  private static final int MAX_SUMMARY = 1_000;
  private static final int MAX_DESCRIPTION = 32 * 1024;
  private static final int MAX_ITEMS = 100;
  private static final int MAX_TAG = 128;
  private static final int MAX_HREF = 2_000;
  private static final int MAX_METADATA_BYTES = 32 * 1024;

  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,128}");
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/(?:[A-Za-z0-9!#$&^_.+-]{1,127}|\\*)");

  private static final Duration MAX_DURATION = Duration.ofDays(365);

  private final List<FieldError> errors = new ArrayList<>();

  private SpecCheck() {}

  /**
   * Everything that is wrong, with JSON pointers.
   *
   * @param protocols the names of the worker protocols
   */
  public static List<FieldError> violations(ServiceSpec spec, Set<String> protocols) {
    SpecCheck check = new SpecCheck();
    check.texts(spec, protocols);
    check.fields("/inputs", spec.inputs());
    check.fields("/outputs", spec.outputs());
    check.options(spec.options());
    check.links(spec.links());
    check.policy(spec.policy());
    if (MaxJsonBytes.Check.length(spec.metadata()) > MAX_METADATA_BYTES) {
      check.add("/metadata", "must be at most " + MAX_METADATA_BYTES + " bytes as JSON");
    }
    return check.errors;
  }

  private void add(String pointer, String detail) {
    errors.add(new FieldError(pointer, detail));
  }

  private void texts(ServiceSpec spec, Set<String> protocols) {
    length("/name", spec.name(), MAX_NAME);
    length("/summary", spec.summary(), MAX_SUMMARY);
    length("/description", spec.description(), MAX_DESCRIPTION);
    if (spec.protocol() != null && !protocols.contains(spec.protocol())) {
      add("/protocol", "must be one of " + protocols.stream().sorted().toList());
    }
    unique("/types", spec.types());
    size("/tags", spec.tags());
    unique("/tags", spec.tags());
    for (int i = 0; i < spec.tags().size(); i++) {
      required("/tags/" + i, spec.tags().get(i), MAX_TAG);
    }
  }

  private void length(String pointer, @Nullable String text, int max) {
    if (text != null && text.length() > max) {
      add(pointer, "must be at most " + max + " characters long");
    }
  }

  private void required(String pointer, @Nullable String text, int max) {
    if (text == null || text.isEmpty() || text.length() > max) {
      add(pointer, "must be 1 to " + max + " characters long");
    }
  }

  private void size(String pointer, List<?> items) {
    if (items.size() > MAX_ITEMS) {
      add(pointer, "must have at most " + MAX_ITEMS + " items");
    }
  }

  private void unique(String pointer, List<?> items) {
    Set<Object> before = new HashSet<>();
    for (int i = 0; i < items.size(); i++) {
      if (!before.add(items.get(i))) {
        add(pointer + "/" + i, "must be unique");
      }
    }
  }

  private void name(String pointer, @Nullable String name, Set<String> before) {
    if (name == null || !FIELD_NAME.matcher(name).matches()) {
      add(pointer, "must be 1 to 128 characters of A-Z a-z 0-9 _ . -");
    } else if (!before.add(name)) {
      add(pointer, "must be unique (there are two named " + name + ")");
    }
  }

  private boolean type(String pointer, @Nullable ValueType type) {
    if (type == null) {
      add(pointer, "is required");
    }
    return type != null;
  }

  private void fields(String pointer, List<Field> fields) {
    size(pointer, fields);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      String place = pointer + "/" + i;
      name(place + "/name", field.name(), names);
      length(place + "/title", field.title(), MAX_NAME);
      length(place + "/description", field.description(), MAX_DESCRIPTION);
      if (type(place + "/type", field.type())) {
        allowed(place, field.type(), field.allowed());
      }
      mediaTypes(place + "/media_types", field);
    }
  }

  private void mediaTypes(String pointer, Field field) {
    size(pointer, field.mediaTypes());
    for (int i = 0; i < field.mediaTypes().size(); i++) {
      @Nullable String mediaType = field.mediaTypes().get(i);
      if (mediaType == null || !MEDIA_TYPE.matcher(mediaType).matches()) {
        add(pointer + "/" + i, "must be a media type without parameters, such as image/png");
      }
    }
  }

  private void allowed(String place, ValueType type, List<Object> allowed) {
    size(place + "/allowed", allowed);
    for (int i = 0; i < allowed.size(); i++) {
      if (!type.matches(allowed.get(i))) {
        add(place + "/allowed/" + i, type.rule());
      }
    }
  }

  private void options(List<Option> options) {
    size("/options", options);
    Set<String> names = new HashSet<>();
    for (int i = 0; i < options.size(); i++) {
      Option option = options.get(i);
      String place = "/options/" + i;
      name(place + "/name", option.name(), names);
      length(place + "/title", option.title(), MAX_NAME);
      length(place + "/description", option.description(), MAX_DESCRIPTION);
      if (type(place + "/type", option.type())) {
        allowed(place, option.type(), option.allowed());
        range(place, option);
        defaultValue(place + "/default", option);
      }
    }
  }

  private void range(String place, Option option) {
    if (!option.type().isNumeric()) {
      if (option.min() != null) {
        add(place + "/min", "is allowed for the types integer and number only");
      }
      if (option.max() != null) {
        add(place + "/max", "is allowed for the types integer and number only");
      }
    } else if (option.min() != null
        && option.max() != null
        && ValueCheck.compare(option.min(), option.max()) > 0) {
      add(place + "/max", "must be at least min");
    }
  }

  private void defaultValue(String pointer, Option option) {
    if (option.defaultValue() == null) {
      return;
    }
    if (option.isMandatory()) {
      add(pointer, "is not allowed for a mandatory option");
    }
    option.violation(option.defaultValue()).ifPresent(rule -> add(pointer, rule));
  }

  private void links(List<Link> links) {
    size("/links", links);
    for (int i = 0; i < links.size(); i++) {
      length("/links/" + i + "/title", links.get(i).title(), MAX_NAME);
      if (!isWeb(links.get(i).href())) {
        add(
            "/links/" + i + "/href",
            "must be an http or https address of at most " + MAX_HREF + " characters");
      }
    }
  }

  private static boolean isWeb(@Nullable String href) {
    if (href == null || href.length() > MAX_HREF) {
      return false;
    }
    try {
      URI uri = new URI(href);
      return uri.getHost() != null
          && ("http".equalsIgnoreCase(uri.getScheme())
              || "https".equalsIgnoreCase(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private void policy(ServicePolicy policy) {
    Integer attempts = policy.maxAttempts();
    if (attempts != null && (attempts < 1 || attempts > 1_000)) {
      add("/policy/max_attempts", "must be between 1 and 1000 (was " + attempts + ")");
    }
    duration("backoff", policy.backoff(), Duration.ofMillis(1), MAX_DURATION);
    duration("backoff_max", policy.backoffMax(), Duration.ofMillis(1), MAX_DURATION);
    duration("lease", policy.lease(), Duration.ofSeconds(1), Duration.ofHours(1));
    duration("timeout", policy.timeout(), Duration.ofSeconds(1), MAX_DURATION);
    duration("unanswered_after", policy.unansweredAfter(), Duration.ofSeconds(1), MAX_DURATION);
  }

  private void duration(String name, @Nullable Duration value, Duration min, Duration max) {
    if (value != null && (value.compareTo(min) < 0 || value.compareTo(max) > 0)) {
      add("/policy/" + name, "must be between " + min + " and " + max + " (was " + value + ")");
    }
  }
}
