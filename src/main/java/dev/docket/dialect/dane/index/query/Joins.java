package dev.docket.dialect.dane.index.query;

import java.util.List;

/** The ids that a clause on related records stands for. */
public interface Joins {

  /** The ids of the documents that match. */
  List<String> documents(Clause clause);

  /** The ids of the tasks that match. */
  List<String> tasks(Clause clause);

  /** The ids of the documents of the tasks that match. */
  List<String> documentsOfTasks(Clause clause);

  /** The ids of the tasks of the results that match. */
  List<String> tasksOfResults(Clause clause);
}
