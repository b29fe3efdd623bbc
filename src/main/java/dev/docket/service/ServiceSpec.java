package dev.docket.service;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.document.TargetType;
import dev.docket.store.ImmutableJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The description of a service, as administrators write it. Every part may be omitted.
 *
 * @param name a name for people; null for the slug
 * @param summary one line about what the service does
 * @param protocol the worker protocol of its tasks; null for that of the configuration
 * @param types the types of targets that it works on; empty for all
 * @param inputs what a task of the service reads
 * @param outputs what a task of the service produces
 * @param options the arguments of its tasks
 * @param rejectUnknown whether tasks may have no other arguments than the options; null for false
 * @param policy overrides settings of the configuration
 * @param metadata free-form JSON
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ServiceSpec(
    @Nullable String name,
    @Nullable String summary,
    @Nullable String description,
    @Nullable String protocol,
    List<TargetType> types,
    List<Field> inputs,
    List<Field> outputs,
    List<Option> options,
    @Nullable Boolean rejectUnknown,
    List<String> tags,
    List<Link> links,
    ServicePolicy policy,
    Map<String, @Nullable Object> metadata) {

  public ServiceSpec {
    types = copy(types);
    inputs = copy(inputs);
    outputs = copy(outputs);
    options = copy(options);
    tags = copy(tags);
    links = copy(links);
    policy = policy == null ? ServicePolicy.NONE : policy;
    metadata = ImmutableJson.map(metadata);
  }

  /** A service about which nothing is known but its slug. */
  public static final ServiceSpec EMPTY =
      new ServiceSpec(
          null,
          null,
          null,
          null,
          List.of(),
          List.of(),
          List.of(),
          List.of(),
          null,
          List.of(),
          List.of(),
          ServicePolicy.NONE,
          Map.of());

  @JsonIgnore
  boolean rejectsUnknown() {
    return Boolean.TRUE.equals(rejectUnknown);
  }

  /** The types of targets whose queues the service has. */
  public List<TargetType> targetTypes() {
    return types.isEmpty() ? List.of(TargetType.values()) : types;
  }

  /** Copies a list; null becomes an empty list. The readers of JSON reject null items. */
  static <T> List<T> copy(@Nullable List<T> list) {
    return list == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(list));
  }
}
