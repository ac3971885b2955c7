import com.rudderstack.sdk.java.analytics.RudderAnalytics;
import com.rudderstack.sdk.java.analytics.Callback;
import com.rudderstack.sdk.java.analytics.messages.AliasMessage;
import com.rudderstack.sdk.java.analytics.messages.GroupMessage;
import com.rudderstack.sdk.java.analytics.messages.IdentifyMessage;
import com.rudderstack.sdk.java.analytics.messages.Message;
import com.rudderstack.sdk.java.analytics.messages.MessageBuilder;
import com.rudderstack.sdk.java.analytics.messages.PageMessage;
import com.rudderstack.sdk.java.analytics.messages.ScreenMessage;
import com.rudderstack.sdk.java.analytics.messages.TrackMessage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

final class Rudder {
  private static final int PATIENCE_SECONDS = 120;

  static void send(Story story) throws Exception {
    var arrived = new CountDownLatch(story.calls.size());
    var callback =
        new Callback() {
          @Override
          public void success(Message message) {
            arrived.countDown();
          }

          @Override
          public void failure(Message message, Throwable error) {
            System.err.println(message + " failed: " + error);
            System.exit(1);
          }
        };
    var analytics =
        RudderAnalytics.builder(story.writeKey).setDataPlaneUrl(story.url).callback(callback).build();
    for (Story.Call call : story.calls) analytics.enqueue(toMessage(call));
    analytics.flush();
    if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
      throw new IllegalStateException(arrived.getCount() + " messages have not arrived");
    analytics.shutdown();
  }

  private static MessageBuilder<?, ?> toMessage(Story.Call call) {
    MessageBuilder<?, ?> message =
        switch (call.type) {
          case "identify" -> IdentifyMessage.builder().traits(call.traits);
          case "page" -> PageMessage.builder(call.name).properties(call.properties);
          case "screen" -> ScreenMessage.builder(call.name).properties(call.properties);
          case "group" -> GroupMessage.builder(call.groupId).traits(call.traits);
          case "alias" -> AliasMessage.builder(call.previousId);
          default -> TrackMessage.builder(call.event).properties(call.properties);
        };
    message.timestamp(call.time());
    if (call.userId != null) message.userId(call.userId);
    if (call.anonymousId != null) message.anonymousId(call.anonymousId);
    return message;
  }
}
