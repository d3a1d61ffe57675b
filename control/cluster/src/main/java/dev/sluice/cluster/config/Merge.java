package dev.sluice.cluster.config;

import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several files as one mapping: lists with the same key follow each other, all else is there once.
 */
final class Merge {
    private Merge() {}

    /**
     * Keys that are there twice stay so: reading finds them.
     *
     * @param roots at least one
     */
    static MappingNode of(List<MappingNode> roots) {
        MappingNode first = roots.getFirst();
        if (roots.size() == 1) {
            return first;
        }
        List<NodeTuple> all = new ArrayList<>();
        Map<String, Integer> lists = new LinkedHashMap<>();
        for (MappingNode root : roots) {
            Set<String> ofThisFile = new HashSet<>();
            for (NodeTuple entry : root.getValue()) {
                add(entry, all, lists, ofThisFile);
            }
        }
        return new MappingNode(
                first.getTag(),
                true,
                all,
                first.getFlowStyle(),
                first.getStartMark(),
                first.getEndMark());
    }

    private static void add(
            NodeTuple entry,
            List<NodeTuple> all,
            Map<String, Integer> lists,
            Set<String> ofThisFile) {
        if (!(entry.getKeyNode() instanceof ScalarNode key)
                || !(entry.getValueNode() instanceof SequenceNode more)
                || !ofThisFile.add(key.getValue())) {
            all.add(entry);
            return;
        }
        Integer at = lists.putIfAbsent(key.getValue(), all.size());
        if (at == null) {
            all.add(entry);
        } else if (all.get(at).getValueNode() instanceof SequenceNode list) {
            all.set(at, new NodeTuple(all.get(at).getKeyNode(), joined(list, more)));
        }
    }

    private static SequenceNode joined(SequenceNode list, SequenceNode more) {
        List<Node> elements = new ArrayList<>(list.getValue());
        elements.addAll(more.getValue());
        return new SequenceNode(
                list.getTag(),
                true,
                elements,
                list.getFlowStyle(),
                list.getStartMark(),
                list.getEndMark());
    }
}
