package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.NewDocument;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayItems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.RandomAccess;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads what DANE's clients send, whatever they say that it is: many send JSON without a content
 * type.
 */
final class DaneBodies {

  /** What a client may send back of a document that it was given; it is made anew. */
  private static final Set<String> IGNORED = Set.of("created_at", "updated_at");

  private final ObjectMapper mapper;
  private final RequestBodyReader bodies;

  DaneBodies(ObjectMapper mapper, RequestBodyReader bodies) {
    this.mapper = mapper;
    this.bodies = bodies;
  }

  /** The body; empty if it is no JSON. */
  Optional<JsonNode> json(InputStream body) {
    try {
      return Optional.of(mapper.readTree(body)).filter(json -> !json.isMissingNode());
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The items of the body, each read when it is asked for; empty if it is no JSON array. */
  Optional<List<JsonNode>> array(InputStream body) {
    try {
      ArrayItems items = ArrayItems.read(body, mapper.getFactory(), Integer.MAX_VALUE, "items");
      return Optional.of(new Trees(items, mapper));
    } catch (JsonProcessingException | InvalidRequest notOne) {
      return Optional.empty();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** So that no more trees are held at once than are worked on. */
  private static final class Trees extends AbstractList<JsonNode> implements RandomAccess {
    private final ArrayItems items;
    private final ObjectMapper mapper;

    private Trees(ArrayItems items, ObjectMapper mapper) {
      this.items = items;
      this.mapper = mapper;
    }

    @Override
    public JsonNode get(int index) {
      return items.get(index).tree(mapper);
    }

    @Override
    public int size() {
      return items.size();
    }
  }

  /**
   * A document that is to be registered.
   *
   * @throws DaneRefusal naming the fields that are wrong
   */
  NewDocument document(JsonNode sent) {
    if (!sent.isObject()) {
      throw DaneRefusal.badDocument(error("", "must be a JSON object"));
    }
    if (sent.has("_id")) {
      throw DaneRefusal.badDocument(error("/_id", "must not be given"));
    }
    ObjectNode document = sent.deepCopy();
    document.remove(IGNORED);
    unknown(document);
    text(document.path("target"), "id");
    text(document.path("target"), "url");
    text(document.path("creator"), "id");
    if (document.at("/target/url").isTextual()) {
      String url = document.at("/target/url").textValue();
      ((ObjectNode) document.path("target")).put("url", WebUrl.encoded(url));
    }
    try {
      return bodies.read(document, NewDocument.class);
    } catch (InvalidRequest invalid) {
      throw DaneRefusal.badDocument(invalid.errors());
    }
  }

  private static void unknown(ObjectNode document) {
    Set<String> unknown = new TreeSet<>();
    document.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(Set.of("target", "creator"));
    if (!unknown.isEmpty()) {
      throw DaneRefusal.badDocument(
          unknown.stream()
              .map(name -> new Problem.FieldError("/" + name, "is not known"))
              .toList());
    }
  }

  /** A number is kept as the text that it was written as. */
  private static void text(JsonNode object, String field) {
    if (object instanceof ObjectNode fields && fields.path(field).isNumber()) {
      fields.set(field, TextNode.valueOf(fields.path(field).asText()));
    }
  }

  static List<Problem.FieldError> error(String pointer, String detail) {
    return List.of(new Problem.FieldError(pointer, detail));
  }
}
