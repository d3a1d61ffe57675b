package dev.sluice.cluster.config;

import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.Tag;

import java.util.Optional;
import java.util.function.Function;

/** A value that is not there: notes what its reader takes it for. */
final class Blank extends Node {
    private final Sketch sketch;
    private final String key;
    private Shape shape = new Shape.Anything();

    /**
     * @param key that it stands behind
     */
    Blank(Sketch sketch, String key) {
        super(Tag.STR, Optional.empty(), Optional.empty());
        this.sketch = sketch;
        this.key = key;
    }

    @Override
    public NodeType getNodeType() {
        return NodeType.SCALAR;
    }

    Shape shape() {
        return shape;
    }

    <T> T scalar(Scalar<T> scalar) {
        shape = shape.or(scalar.shape());
        return sketch.chosen(key, scalar);
    }

    <T> T mapping(Function<Section, T> reader) {
        Sketch.Drawn<T> drawn = sketch.inner(reader);
        shape = shape.or(drawn.shape());
        return drawn.value();
    }

    <T> T either(Scalar<T> scalar, Function<Section, T> reader) {
        T value = scalar(scalar);
        mapping(reader);
        return value;
    }

    /** The only element of the list that it is. */
    Blank element() {
        return new Blank(sketch, key);
    }

    /** Once the element was read. */
    void list(Blank element) {
        shape = shape.or(new Shape.ListOf(element.shape, false));
    }
}
