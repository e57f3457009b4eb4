// The Vendure that bench.peers measures. It is copied beside its node_modules and run there:
//   node shop.js seed CSV    makes the tables and one hot product in an empty database
//   node shop.js serve PORT  answers the Shop API on 127.0.0.1
// PEER_DATABASE names the database, PEER_SOCKETS the folder of PostgreSQL's socket, PEER_USER
// whom to connect as.
// Only what an order needs is switched on: no search index, no mail, no asset server, and jobs in
// memory, so that nothing beside the order takes time.
"use strict";

const core = require("@vendure/core");
const { populate } = require("@vendure/core/cli");

const [mode, argument] = process.argv.slice(2);

const config = {
  apiOptions: {
    hostname: "127.0.0.1",
    port: mode === "serve" ? Number(argument) : 0,
    adminApiPath: "admin-api",
    shopApiPath: "shop-api",
  },
  authOptions: {
    tokenMethod: "bearer",
    superadminCredentials: { identifier: "peer", password: "peer" },
    cookieOptions: { secret: "a secret for benchmarks only" },
  },
  dbConnectionOptions: {
    type: "postgres",
    host: process.env.PEER_SOCKETS,
    username: process.env.PEER_USER,
    database: process.env.PEER_DATABASE,
    synchronize: mode === "seed",
    logging: false,
  },
  logger: new core.DefaultLogger({ level: core.LogLevel.Warn }),
  paymentOptions: { paymentMethodHandlers: [core.dummyPaymentHandler] },
};

const initialData = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [{ name: "France", code: "FR", zone: "Europe" }],
  taxRates: [{ name: "Standard Tax", percentage: 20 }],
  shippingMethods: [{ name: "Standard Shipping", price: 500 }],
  paymentMethods: [
    {
      name: "Dummy",
      handler: {
        code: core.dummyPaymentHandler.code,
        arguments: [{ name: "automaticSettle", value: "true" }],
      },
    },
  ],
  collections: [],
};

async function main() {
  if (mode === "serve") {
    await core.bootstrap(config);
    return;
  }
  const application = await populate(() => core.bootstrap(config), initialData, argument);
  await application.close();
  process.exit(0); // jobs in memory keep their timers
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
