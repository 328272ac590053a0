package io.posthorn.validation;

import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;

/**
 * Reads JSON into trees for validation. A number outside of the range of a 64-bit floating point number is refused, since
 * arithmetic with it could take for ever. Any thread.
 */
final class JsonTrees {
    private static final int MAX_NUMBER = 1_000;
    private static final int DOUBLE_BITS = 1_023;

    private final ObjectReader reader;

    JsonTrees(int maxDepth) {
        JsonMapper mapper = JsonMapper.builder(new JsonFactoryBuilder()
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(maxDepth)
                                .maxNumberLength(MAX_NUMBER)
                                .maxStringLength(Integer.MAX_VALUE)
                                .build())
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .nodeFactory(new FiniteNumbers())
                .build();
        this.reader = mapper.readerFor(JsonNode.class);
    }

    /** Throws IllegalArgumentException with what is wrong, fit for a caller. */
    JsonNode read(byte[] json) {
        try {
            JsonNode tree = reader.readTree(json);
            if (tree.isMissingNode()) {
                throw new IllegalArgumentException("JSON was expected, not nothing");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("JSON was expected: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("reading an array failed", e);
        }
    }

    private static final class FiniteNumbers extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public NumericNode numberNode(double number) {
            if (!Double.isFinite(number)) {
                throw outOfRange();
            }
            return super.numberNode(number);
        }

        @Override
        public ValueNode numberNode(BigInteger number) {
            if (number.bitLength() > DOUBLE_BITS) {
                throw outOfRange();
            }
            return super.numberNode(number);
        }

        private static IllegalArgumentException outOfRange() {
            return new IllegalArgumentException("numbers of -1.79e308 to 1.79e308 were expected");
        }
    }
}
