// The official SDK for Node at work: node send.cjs HOST KEY NUMBER. Prints the ids that it gave its
// events; exit 1 where it says that some were not delivered.
const { Analytics } = require("@segment/analytics-node");

const [host, writeKey, number] = process.argv.slice(2);
const analytics = new Analytics({ host, writeKey, flushAt: 100, maxEventsInBatch: 100 });
const failed = [];
let delivered = 0;
analytics.on("error", (error) => failed.push(error));

const told = (error, context) => {
  if (error) return failed.push(error);
  delivered += 1;
  console.log(context.event.messageId);
  return delivered;
};

for (let n = 0; n < Number(number); n += 1) {
  const userId = `person-${n % 500}`;
  if (n % 50 === 0) analytics.identify({ userId, traits: { plan: "gold" } }, told);
  else if (n % 50 === 1) analytics.page({ anonymousId: userId, name: "Home" }, told);
  else analytics.track({ userId, event: "Order Completed", properties: { order_id: `o-${n}`, total: 12.5, currency: "EUR" } }, told);
}

analytics.closeAndFlush({ timeout: 60_000 }).then(() => {
  for (const error of failed.slice(0, 5)) console.error(error);
  process.exitCode = failed.length || delivered !== Number(number) ? 1 : 0;
});
