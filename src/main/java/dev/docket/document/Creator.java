package dev.docket.document;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.docket.store.ImmutableJson;
import jakarta.validation.constraints.NotNull;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The creator of a document.
 *
 * @param id any text up to 8 KiB in UTF-8
 * @param extra all other submitted keys, stored unchanged and not indexed
 */
public record Creator(
    @NotNull @BoundedText String id,
    @NotNull CreatorType type,
    @JsonInclude(JsonInclude.Include.NON_NULL) @BoundedText @Nullable String name,
    @MaxJsonBytes(max = 65_536) @JsonAnySetter @JsonAnyGetter Map<String, @Nullable Object> extra) {

  public Creator {
    extra = ImmutableJson.map(extra);
  }
}
