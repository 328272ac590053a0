package io.posthorn.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.KeywordType;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.keyword.UniqueItemsValidator;
import com.networknt.schema.path.NodePath;
import java.util.HashMap;
import java.util.Map;

/**
 * The keyword {@code uniqueItems}, which finds equal items by their hash. Texts with the same hash are easy to make, and an
 * array of many would take time in its square: one hash shared by more than a hundred items ends the check.
 */
final class UniqueItems extends AbstractKeyword {
    private static final int MAX_SHARING = 100;

    UniqueItems() {
        super(KeywordType.UNIQUE_ITEMS.getValue());
    }

    @Override
    public KeywordValidator newValidator(
            SchemaLocation schemaLocation, JsonNode schemaNode, Schema parentSchema, SchemaContext schemaContext) {
        return new Validator(schemaLocation, schemaNode, parentSchema, schemaContext);
    }

    private static final class Validator extends UniqueItemsValidator {
        private final boolean wanted;

        Validator(SchemaLocation location, JsonNode schemaNode, Schema parentSchema, SchemaContext context) {
            super(location, schemaNode, parentSchema, context);
            this.wanted = schemaNode.booleanValue();
        }

        @Override
        public void validate(
                ExecutionContext executionContext, JsonNode node, JsonNode rootNode, NodePath instanceLocation) {
            if (wanted && node.isArray() && node.size() > MAX_SHARING) {
                refuseSharedHashes(node, instanceLocation);
            }
            super.validate(executionContext, node, rootNode, instanceLocation);
        }

        private static void refuseSharedHashes(JsonNode array, NodePath place) {
            Map<Integer, Integer> counts = new HashMap<>();
            for (JsonNode item : array) {
                if (counts.merge(item.hashCode(), 1, Integer::sum) > MAX_SHARING) {
                    throw new Budget.Spent("the items of " + place + " must be unique, and too many are alike", false);
                }
            }
        }
    }
}
