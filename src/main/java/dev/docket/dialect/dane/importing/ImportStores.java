package dev.docket.dialect.dane.importing;

import dev.docket.document.DocumentStore;
import dev.docket.result.Payloads;
import dev.docket.result.ResultStore;
import dev.docket.task.TaskStore;

/** Where an import writes to. It only creates records, and replaces tasks that an import holds. */
public record ImportStores(
    DocumentStore documents, TaskStore tasks, ResultStore results, Payloads payloads) {}
