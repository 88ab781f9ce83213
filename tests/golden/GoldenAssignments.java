import java.nio.ByteBuffer;
import java.util.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.*;
import org.apache.kafka.common.*;

/**
 * What Apache Kafka's own assignors decide, round after round, while members come, go, lag a generation behind and
 * change their topics. Prints tests/Barnabas.Client.Tests/Consumer/golden/assignments.txt, one line each:
 *   case ASSIGNOR | topic PARTITIONS | member ID INSTANCE GENERATION TOPICS OWNED USERDATA | given ID PARTITIONS
 * with '-' for what there is none of. Run: java -cp 'KAFKA/libs/*' GoldenAssignments.java > assignments.txt
 * With the argument "racks" it prints rack-assignments.txt: topics have the racks of each partition's replicas behind
 * their count (a+b,c,-), and members have their rack behind their user data.
 */
public class GoldenAssignments {
    static final class Member {
        final String id;
        final String instance;
        String rack;
        List<String> topics;
        List<TopicPartition> owned = new ArrayList<>();
        int generation = -1;
        ByteBuffer userData;

        Member(String id, String instance, List<String> topics) {
            this.id = id;
            this.instance = instance;
            this.topics = topics;
        }
    }

    static boolean racks;

    public static void main(String[] args) {
        racks = args.length > 0 && args[0].equals("racks");
        for (String name : racks ? List.of("range", "sticky", "cooperative-sticky") : List.of("range", "roundrobin", "sticky", "cooperative-sticky"))
            for (int seed = 1; seed <= 24; seed++)
                group(name, new Random(seed * 1009L), seed % 2 == 0);
    }

    static ConsumerPartitionAssignor create(String name) {
        switch (name) {
            case "range": return new RangeAssignor();
            case "roundrobin": return new RoundRobinAssignor();
            case "sticky": return new StickyAssignor();
            default: return new CooperativeStickyAssignor();
        }
    }

    static void group(String name, Random random, boolean sameTopics) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) counts.put("topic-" + random.nextInt(100), 1 + random.nextInt(9));
        List<Member> members = new ArrayList<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) members.add(member(random, counts, sameTopics));
        for (int generation = 1; generation <= 5; generation++) {
            round(name, counts, members, generation, random);
            int what = random.nextInt(5);
            if (what <= 1) members.add(member(random, counts, sameTopics));
            else if (what == 2 && members.size() > 1) members.remove(random.nextInt(members.size()));
            else if (what == 3) counts.put("topic-" + random.nextInt(100), 1 + random.nextInt(9));
            else counts.merge(counts.keySet().iterator().next(), 1, Integer::sum);
            for (Member one : members)
                if (sameTopics) one.topics = new ArrayList<>(counts.keySet());
        }
    }

    static Member member(Random random, Map<String, Integer> counts, boolean sameTopics) {
        List<String> topics = new ArrayList<>(counts.keySet());
        if (!sameTopics) topics.removeIf(topic -> random.nextInt(3) == 0);
        String instance = random.nextInt(4) == 0 ? "instance-" + random.nextInt(1000) : null;
        Member member = new Member("consumer-" + new UUID(random.nextLong(), random.nextLong()), instance, topics);
        if (racks && random.nextInt(5) > 0) member.rack = "rack" + random.nextInt(4);
        return member;
    }

    static void round(String name, Map<String, Integer> counts, List<Member> members, int generation, Random random) {
        List<PartitionInfo> partitions = new ArrayList<>();
        Node node = new Node(1, "localhost", 9092);
        Node[] nodes = new Node[6];
        for (int i = 0; i < nodes.length; i++) nodes[i] = new Node(i, "localhost", 9092 + i, i == 5 ? null : "rack" + i % 3);
        int spread = racks ? 1 + random.nextInt(3) : 1;
        int kind = racks ? random.nextInt(3) : 0;
        StringBuilder text = new StringBuilder("case ").append(name);
        counts.forEach((topic, count) -> {
            text.append(" | topic ").append(topic).append(' ').append(count);
            List<String> each = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Node[] replicas = new Node[] {node};
                if (racks) {
                    replicas = new Node[spread];
                    for (int r = 0; r < spread; r++) replicas[r] = nodes[kind == 0 ? random.nextInt(nodes.length) : (i + r) % (kind == 1 ? 3 : 6)];
                }
                partitions.add(new PartitionInfo(topic, i, replicas[0], replicas, replicas));
                Set<String> of = new TreeSet<>();
                for (Node one : replicas) if (one.rack() != null) of.add(one.rack());
                each.add(of.isEmpty() ? "-" : String.join("+", of));
            }
            if (racks) text.append(' ').append(String.join(",", each));
        });
        Map<String, Subscription> subscriptions = new HashMap<>();
        for (Member one : members) {
            Subscription subscription = new Subscription(one.topics, one.userData == null ? null : one.userData.duplicate(), one.owned, one.generation, Optional.ofNullable(one.rack));
            subscription.setGroupInstanceId(Optional.ofNullable(one.instance));
            subscriptions.put(one.id, subscription);
            text.append(" | member ").append(one.id).append(' ').append(one.instance == null ? "-" : one.instance)
                .append(' ').append(one.generation).append(' ').append(list(one.topics)).append(' ').append(list(one.owned))
                .append(' ').append(one.userData == null ? "-" : Base64.getEncoder().encodeToString(bytes(one.userData)));
            if (racks) text.append(' ').append(one.rack == null ? "-" : one.rack);
        }
        Cluster cluster = new Cluster("golden", racks ? List.of(nodes) : List.of(node), partitions, Set.of(), Set.of());
        Map<String, Assignment> given = create(name).assign(cluster, new GroupSubscription(subscriptions)).groupAssignment();
        for (Member one : members) {
            List<TopicPartition> mine = new ArrayList<>(given.get(one.id).partitions());
            mine.sort(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
            text.append(" | given ").append(one.id).append(' ').append(list(mine));
            if (random.nextInt(8) == 0) continue; // It never hears of this generation, and comes with what it had before.
            ConsumerPartitionAssignor its = create(name);
            its.onAssignment(given.get(one.id), new ConsumerGroupMetadata("group", generation, one.id, Optional.empty()));
            one.userData = its.subscriptionUserData(new HashSet<>(one.topics));
            one.generation = generation;
            one.owned = name.equals("cooperative-sticky") ? mine : new ArrayList<>();
        }
        System.out.println(text);
    }

    static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static String list(List<?> all) {
        return all.isEmpty() ? "-" : String.join(",", all.stream().map(Object::toString).toList());
    }
}
