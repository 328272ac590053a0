package io.posthorn.validation;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.annotation.Annotations;
import java.util.Locale;

/**
 * One run of a schema over a value, every step of which is counted: the validator tells it of each keyword and each level
 * that it enters. Bounds time, stack and memory. One thread.
 */
final class MeteredExecution extends ExecutionContext {
    /** Keywords and names on the way from the schema's root to where it is; each takes a few frames of the stack. */
    static final int MAX_LEVELS = 1_000;

    private static final int MAX_ERRORS = 50_000;
    private static final int KEYWORD_STEPS = 16;
    private static final int ANNOTATION_STEPS = 128;

    private final Budget budget;
    private int levels;
    private int errors;

    MeteredExecution(Budget budget) {
        super(ExecutionConfig.builder()
                .locale(Locale.ROOT)
                .formatAssertionsEnabled(false)
                .build());
        this.budget = budget;
    }

    @Override
    public void evaluationPathAddLast(String token) {
        enter();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathAddLast(int token) {
        enter();
        super.evaluationPathAddLast(token);
    }

    @Override
    public void evaluationPathRemoveLast() {
        levels--;
        super.evaluationPathRemoveLast();
    }

    @Override
    public void addError(Error error) {
        errors++;
        if (errors > MAX_ERRORS) {
            throw new Budget.Spent("it differs from the schema in more than " + MAX_ERRORS + " places", false);
        }
        super.addError(error);
    }

    @Override
    public Annotations getAnnotations() {
        budget.spend(ANNOTATION_STEPS);
        return super.getAnnotations();
    }

    private void enter() {
        budget.spend(KEYWORD_STEPS);
        levels++;
        if (levels > MAX_LEVELS) {
            // The level is not entered, so it will not be left.
            levels--;
            throw new Budget.Spent(
                    "its references lead deeper than " + MAX_LEVELS + " levels, or round in a circle", false);
        }
    }
}
