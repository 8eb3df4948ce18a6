const WHOLE = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR", maximumFractionDigits: 0 });
const EXACT = new Intl.NumberFormat("en-IN", { style: "currency", currency: "INR" });

/** `₹12,34,567`, or `₹1,180.50` where there are paise: grouped by lakh and crore. */
export function rupees(paise) {
  return (paise % 100 ? EXACT : WHOLE).format(paise / 100);
}
