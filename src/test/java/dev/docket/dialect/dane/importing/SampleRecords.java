package dev.docket.dialect.dane.importing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The sample data without an Elasticsearch, in pages of a few documents. */
final class SampleRecords implements DaneRecords {

  private static final int PAGE_SIZE = 2;

  private final List<DaneSampleData.Sample> records;

  SampleRecords(DaneSampleData data) {
    this.records = data.records();
  }

  private Stream<DaneSampleData.Sample> of(RecordType type) {
    return records.stream().filter(record -> record.role().equals(type.role()));
  }

  private Stream<DaneHit> children(RecordType type, Collection<String> parents) {
    return of(type).map(DaneSampleData.Sample::hit).filter(hit -> parents.contains(hit.parent()));
  }

  @Override
  public long count(RecordType type) {
    return of(type).count();
  }

  @Override
  public void documents(Consumer<List<DaneHit>> page) {
    List<DaneHit> all = of(RecordType.DOCUMENT).map(DaneSampleData.Sample::hit).toList();
    for (int from = 0; from < all.size(); from += PAGE_SIZE) {
      page.accept(all.subList(from, Math.min(all.size(), from + PAGE_SIZE)));
    }
  }

  @Override
  public List<DaneHit> tasksOf(Collection<String> documents) {
    return children(RecordType.TASK, documents).toList();
  }

  @Override
  public void resultsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    children(RecordType.RESULT, tasks).forEach(result);
  }

  @Override
  public void resultIdsOf(Collection<String> tasks, Consumer<DaneHit> result) {
    children(RecordType.RESULT, tasks).forEach(result);
  }

  @Override
  public List<Unreachable> unreachable() {
    List<Unreachable> found = new ArrayList<>();
    Set<String> tasks = Set.copyOf(of(RecordType.TASK).map(DaneSampleData.Sample::id).toList());
    List<String> lost =
        of(RecordType.RESULT)
            .map(DaneSampleData.Sample::hit)
            .filter(hit -> !tasks.contains(hit.parent()))
            .map(DaneHit::id)
            .toList();
    found.add(new Unreachable(RecordType.RESULT, ImportFinding.NO_TASK, lost.size(), lost));
    return found;
  }
}
