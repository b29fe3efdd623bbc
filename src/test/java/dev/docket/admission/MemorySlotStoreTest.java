package dev.docket.admission;

final class MemorySlotStoreTest implements SlotStoreContract {

  private final MemorySlotStore slots = new MemorySlotStore();

  @Override
  public SlotStore slots() {
    return slots;
  }

  @Override
  public void refresh() {}
}
