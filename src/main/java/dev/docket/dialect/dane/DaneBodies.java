package dev.docket.dialect.dane;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.docket.document.NewDocument;
import dev.docket.http.InvalidRequest;
import dev.docket.http.Problem;
import dev.docket.http.RequestBodyReader;
import dev.docket.http.batch.ArrayItems;
import dev.docket.http.batch.BatchItem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads bodies as JSON whatever their content type: many of DANE's clients send none. */
final class DaneBodies {

  /** Clients send back documents that they got; the server sets these times itself. */
  private static final Set<String> IGNORED = Set.of("created_at", "updated_at");

  private final ObjectMapper mapper;
  private final RequestBodyReader bodies;

  DaneBodies(ObjectMapper mapper, RequestBodyReader bodies) {
    this.mapper = mapper;
    this.bodies = bodies;
  }

  /** The body; missing if it is not JSON. */
  JsonNode json(InputStream body) {
    try {
      return mapper.readTree(body);
    } catch (JsonProcessingException invalid) {
      return MissingNode.getInstance();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * The items of the body, which are parsed one by one.
   *
   * @throws DaneRefusal if it is not a JSON array
   */
  List<BatchItem> array(InputStream body, String what) {
    try {
      return ArrayItems.read(body, mapper.getFactory(), Integer.MAX_VALUE, "items");
    } catch (JsonProcessingException | InvalidRequest invalid) {
      throw DaneRefusal.invalidDocument(error("", "must be a JSON array of " + what));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * Parses an item.
   *
   * @throws InvalidRequest if it has a number or text that is too large to be read
   */
  JsonNode parsed(BatchItem item) {
    return item.tree(mapper);
  }

  /**
   * The content of a text that holds JSON, as dane-workflows sends each item of a batch; anything
   * else as it is.
   *
   * @throws DaneRefusal if the text is not JSON
   */
  JsonNode unwrapped(JsonNode item) {
    if (!item.isTextual()) {
      return item;
    }
    try {
      return mapper.readTree(item.textValue());
    } catch (JsonProcessingException invalid) {
      throw DaneRefusal.invalidDocument(error("", "must be a JSON object, or a text with one"));
    }
  }

  /**
   * Reads a document to be registered.
   *
   * @throws DaneRefusal naming the fields that are wrong
   */
  NewDocument document(JsonNode sent) {
    if (!sent.isObject()) {
      throw DaneRefusal.invalidDocument(error("", "must be a JSON object"));
    }
    if (sent.has("_id")) {
      throw DaneRefusal.invalidDocument(error("/_id", "must not be given"));
    }
    ObjectNode document = sent.deepCopy();
    document.remove(IGNORED);
    refuseUnknownNames(document);
    convertNumber(document.path("target"), "id");
    convertNumber(document.path("target"), "url");
    convertNumber(document.path("creator"), "id");
    JsonNode url = document.at("/target/url");
    if (url.isTextual()) {
      ((ObjectNode) document.path("target")).put("url", WebUrl.encoded(url.textValue()));
    }
    try {
      return bodies.read(document, NewDocument.class);
    } catch (InvalidRequest invalid) {
      throw DaneRefusal.invalidDocument(invalid.errors());
    }
  }

  private static void refuseUnknownNames(ObjectNode document) {
    Set<String> unknown = new TreeSet<>();
    document.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(Set.of("target", "creator"));
    if (!unknown.isEmpty()) {
      throw DaneRefusal.invalidDocument(
          unknown.stream()
              .map(
                  name ->
                      new Problem.FieldError(
                          "/" + name, "is unknown; allowed are target and creator"))
              .toList());
    }
  }

  /** Makes a number a text, with the digits that were sent. */
  private static void convertNumber(JsonNode object, String field) {
    if (object instanceof ObjectNode fields && fields.path(field).isNumber()) {
      fields.set(field, TextNode.valueOf(fields.path(field).asText()));
    }
  }

  static List<Problem.FieldError> error(String pointer, String detail) {
    return List.of(new Problem.FieldError(pointer, detail));
  }
}
