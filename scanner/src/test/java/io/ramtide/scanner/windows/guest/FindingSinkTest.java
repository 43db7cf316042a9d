package io.ramtide.scanner.windows.guest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramtide.schemas.Coverage;
import io.ramtide.schemas.CoverageStatus;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class FindingSinkTest {
  private final FindingSink sink = new FindingSink(EnumSet.of(What.hives), finding -> {});

  private Coverage coverage() {
    return sink.coverage().get(0);
  }

  @Test
  void remark_isTold_andLeavesTheKindComplete() {
    sink.remark(What.hives, "one view of two");
    sink.remark(What.endpoints, "nobody asked");

    assertThat(sink.coverage()).hasSize(1);
    assertThat(coverage().getStatus()).isEqualTo(CoverageStatus.complete);
    assertThat(coverage().getDetail()).isEqualTo("one view of two");
  }

  @Test
  void remark_doesNotMakeWhatIsIncompleteComplete() {
    sink.incomplete(What.hives, "a broken list");
    sink.remark(What.hives, "one view of two");

    assertThat(coverage().getStatus()).isEqualTo(CoverageStatus.incomplete);
    assertThat(coverage().getDetail()).isEqualTo("a broken list; one view of two");
  }
}
