package dev.docket.http;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON trees as Jackson does, but reports a number whose exponent is too large as invalid
 * JSON. Jackson 2.21.0 throws a {@link NumberFormatException} that no caller expects.
 */
public final class JsonTrees extends SimpleModule {

  @Serial private static final long serialVersionUID = 1;

  public JsonTrees() {
    super("docket-trees");
    addDeserializer(JsonNode.class, new TreeDeserializer());
  }

  private static final class TreeDeserializer extends StdDeserializer<JsonNode> {
    @Serial private static final long serialVersionUID = 1;

    private final transient JsonDeserializer<? extends JsonNode> jackson =
        JsonNodeDeserializer.getDeserializer(JsonNode.class);

    private TreeDeserializer() {
      super(JsonNode.class);
    }

    @Override
    public JsonNode deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      try {
        return jackson.deserialize(json, context);
      } catch (NumberFormatException tooLarge) {
        throw new JsonParseException(json, "the exponent of a number is too large", tooLarge);
      }
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) throws JsonMappingException {
      return jackson.getNullValue(context);
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context)
        throws JsonMappingException {
      return jackson.getAbsentValue(context);
    }
  }
}
