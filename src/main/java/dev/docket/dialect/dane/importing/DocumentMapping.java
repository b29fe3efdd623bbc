package dev.docket.dialect.dane.importing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.docket.auth.Owner;
import dev.docket.document.BoundedText;
import dev.docket.document.Creator;
import dev.docket.document.CreatorType;
import dev.docket.document.Document;
import dev.docket.document.DocumentId;
import dev.docket.document.Target;
import dev.docket.document.TargetType;
import dev.docket.task.TaskSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Maps a document of DANE. It keeps its id and all keys: those of target and creator stay there,
 * others become metadata.
 */
record DocumentMapping(DaneTimes times, Instant now) {

  /** The creation token of imported documents: no request to register one carries it. */
  private static final String CREATION_TOKEN = "import-dane";

  Mapped<Document> map(DaneHit hit) throws Unmappable {
    Set<ImportFinding> changes = EnumSet.noneOf(ImportFinding.class);
    Target target = target(hit.source().path("target"), changes);
    Creator creator = creator(hit.source().path("creator"), changes);
    DocumentId id = Unmappable.parsed(hit.id(), DocumentId::new, ImportFinding.INVALID_ID);
    if (!id.equals(DocumentId.of(target, creator))) {
      changes.add(ImportFinding.OTHER_ID);
    }
    RecordTimes recordTimes = RecordTimes.read(hit.source(), times, now, changes);
    Map<String, @Nullable Object> metadata =
        others(hit.source(), "target", "creator", "created_at", "updated_at", "role");
    return new Mapped<>(document(id, target, creator, metadata, recordTimes), changes);
  }

  /** The document with the times that a task has copied. */
  static Document withTimesOf(TaskSpec.DocumentCopy copy, Document document) {
    return document(
        document.id(),
        document.target(),
        document.creator(),
        document.metadata(),
        new RecordTimes(copy.createdAt(), copy.updatedAt()));
  }

  private static Document document(
      DocumentId id,
      Target target,
      Creator creator,
      Map<String, @Nullable Object> metadata,
      RecordTimes times) {
    return new Document(
        id,
        target,
        creator,
        metadata,
        times.createdAt(),
        times.updatedAt(),
        Document.FIRST_VERSION,
        null,
        null,
        0,
        null,
        false,
        false,
        Owner.NOBODY,
        CREATION_TOKEN);
  }

  private static Target target(JsonNode target, Set<ImportFinding> changes) throws Unmappable {
    String id = text(target.path("id"), changes);
    String url = text(target.path("url"), EnumSet.noneOf(ImportFinding.class));
    for (TargetType type : TargetType.values()) {
      if (type.wire().equals(target.path("type").textValue())) {
        return new Target(id, url, type, others(target, "id", "url", "type"));
      }
    }
    throw new Unmappable(ImportFinding.INVALID_DOCUMENT);
  }

  private static Creator creator(JsonNode creator, Set<ImportFinding> changes) throws Unmappable {
    String id = text(creator.path("id"), changes);
    String name = creator.path("name").textValue();
    boolean named = name != null && BoundedText.Check.isBounded(name);
    for (CreatorType type : CreatorType.values()) {
      if (type.wire().equals(creator.path("type").textValue())) {
        return new Creator(
            id,
            type,
            named ? name : null,
            named ? others(creator, "id", "type", "name") : others(creator, "id", "type"));
      }
    }
    throw new Unmappable(ImportFinding.INVALID_DOCUMENT);
  }

  /** A number becomes the text of which DANE computed the document's id. */
  private static String text(JsonNode value, Set<ImportFinding> changes) throws Unmappable {
    if (value.isNumber()) {
      changes.add(ImportFinding.NUMERIC_ID);
    } else if (!value.isTextual()) {
      throw new Unmappable(ImportFinding.INVALID_DOCUMENT);
    }
    String text = value.asText();
    if (!BoundedText.Check.isBounded(text)) {
      throw new Unmappable(ImportFinding.INVALID_DOCUMENT);
    }
    return text;
  }

  /** The members of an object beside the known ones. */
  static Map<String, @Nullable Object> others(JsonNode object, String... known) {
    if (!(object instanceof ObjectNode members)) {
      return Map.of();
    }
    ObjectNode others = DaneJson.MAPPER.createObjectNode();
    others.setAll(members);
    return DaneJson.map(others.remove(Arrays.asList(known)));
  }
}
